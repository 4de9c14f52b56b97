//! Somebody of the credits, and what of theirs is in the house.

import { createEffect, createSignal, For, Match, on, Switch } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Person } from '@bijou/api-client/types.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { titled } from '../Frame.tsx'
import { bijou, member } from '../platform.ts'
import { cardOf, TitleGrid } from '../search/TitleGrid.tsx'
import { creditsOf } from './state.ts'

type State = { kind: 'loading' } | { kind: 'person'; person: Person } | { kind: 'problem'; problem: Problem }

export function PersonPage(props: { id: string }) {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const load = async (id: string) => {
    setState({ kind: 'loading' })
    const answer = await bijou.person(id)
    if (props.id === id) setState(answer.ok ? { kind: 'person', person: answer.value } : { kind: 'problem', problem: answer.problem })
  }
  createEffect(on(() => [props.id, member().kind] as const, ([id, kind]) => void (kind === 'signed-in' && load(id))))
  const person = () => {
    const now = state()
    return now.kind === 'person' ? now.person : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  titled(() => person()?.name)
  return (
    <Switch fallback={<div class="page" aria-busy="true"><h1 class="hidden-text">The page is coming up</h1><Lines count={5} /></div>}>
      <Match when={person()}>
        {(person) => (
          <div class="page">
            <div class="page__head"><h1 tabindex="-1">{person().name}</h1></div>
            <For each={creditsOf(person())} fallback={<p class="quiet">Nothing of theirs is in the house at the moment.</p>}>
              {(group) => (
                <section class="page__part">
                  <h2>{group.role}</h2>
                  <TitleGrid id={`as-${group.role}`} cards={group.credits.map((each) => cardOf(each.title, each.character ? `${each.title.year} · as ${each.character}` : undefined))} />
                </section>
              )}
            </For>
          </div>
        )}
      </Match>
      <Match when={problem()?.status === 404}>
        <Notice level={1} title="Nobody by that name" action={{ label: 'Search', href: '/search' }}>They are in no credits of this house.</Notice>
      </Match>
      <Match when={problem()}>
        {(problem) => (
          <Notice level={1} urgent title="The catalog does not answer" requestId={problem().request_id} action={{ label: 'Try again', run: () => void load(props.id) }}>
            What is playing goes on playing. This page will be back as soon as the catalog is.
          </Notice>
        )}
      </Match>
    </Switch>
  )
}
