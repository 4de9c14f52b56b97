//! Three films somebody likes, at the start: enough for a first page of their own. Can be left at any time.

import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Card } from '@bijou/api-client/types.ts'
import { CheckIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Frame } from '../Frame.tsx'
import { forgetHome, outdateHome } from '../home/state.ts'
import { bijou, me, member } from '../platform.ts'
import { go } from '../router.ts'
import { refusedProfile } from './state.ts'
import '@bijou/ui/Grid.css'
import './PicksPage.css'

const WANTED = 3
const OFFERED_MAX = 30

type State = { kind: 'loading' } | { kind: 'offer'; cards: Pick<Card, 'title_id' | 'name' | 'artwork'>[] } | { kind: 'problem'; problem: Problem }

export function PicksPage() {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [chosen, setChosen] = createSignal<string[]>([])
  const [said, setSaid] = createSignal('')

  const load = async () => {
    setState({ kind: 'loading' })
    // What others like is what most people know; the catalog itself when nobody counts.
    const home = await bijou.home()
    if (home.ok) {
      const cards = new Map(home.value.rows.flatMap((row) => row.items).map((card) => [card.title_id, card]))
      if (cards.size >= WANTED) return void setState({ kind: 'offer', cards: [...cards.values()].slice(0, OFFERED_MAX) })
    }
    const catalog = await bijou.titles(OFFERED_MAX)
    setState(catalog.ok
      ? { kind: 'offer', cards: catalog.value.items.map(({ id, name, artwork }) => ({ title_id: id, name, artwork })) }
      : { kind: 'problem', problem: catalog.problem })
  }
  createEffect(on(() => member().kind, (kind) => void (kind === 'signed-in' && load())))

  const pick = (id: string) => {
    const now = chosen()
    if (now.includes(id)) setChosen(now.filter((each) => each !== id))
    else if (now.length < WANTED) setChosen([...now, id])
  }
  const keep = async () => {
    const answer = await bijou.mine.pick(chosen())
    if (!answer.ok) return void setSaid(refusedProfile(answer.problem))
    forgetHome()
    outdateHome()
    go({ kind: 'home' }, 'replace')
  }
  const cards = () => {
    const now = state()
    return now.kind === 'offer' ? now.cards : undefined
  }
  const left = () => WANTED - chosen().length
  return (
    <Frame title="Three films you like">
      <Switch>
        <Match when={state().kind === 'problem'}>
          <Notice level={1} title="No films to choose from" action={{ label: 'To the foyer', href: '/' }}>
            The catalog does not answer right now. You can name your films later; the house opens all the same.
          </Notice>
        </Match>
        <Match when={true}>
          <div class="page picks" aria-busy={state().kind === 'loading'}>
            <div class="page__head">
              <div>
                <h1 tabindex="-1">{me() ? `Welcome, ${me()?.name}` : 'Welcome'}</h1>
                <p>Choose three films you like, or would like to. The foyer is arranged around them, and changes with everything you watch.</p>
              </div>
            </div>
            <ul class="grid grid--tall picks__grid" data-focus-grid="picks">
              <For each={cards()} fallback={<For each={Array.from({ length: 12 })}>{() => <li><span class="picks__card ghost" /></li>}</For>}>
                {(card) => (
                  <li>
                    <button type="button" class="picks__card" id={`pick-${card.title_id}`} aria-pressed={chosen().includes(card.title_id)}
                      aria-label={card.name} disabled={left() === 0 && !chosen().includes(card.title_id)} onClick={() => pick(card.title_id)}
                      style={{ '--tint': card.artwork.poster.tint }}>
                      <Picture picture={card.artwork.poster} alt="" sizes="12rem" when="soon" />
                      <span class="picks__mark"><CheckIcon /></span>
                    </button>
                  </li>
                )}
              </For>
            </ul>
            <div class="picks__bar" data-focus-row="picks-bar">
              <p role="status">{left() === 0 ? 'That makes three.' : left() === WANTED ? 'Three to choose' : `${left()} more`}</p>
              <Show when={said()}><p class="refused" role="alert">{said()}</p></Show>
              <a class="button button--quiet" id="picks-skip" href="/">Skip</a>
              <button type="button" class="button button--main" id="picks-keep" disabled={chosen().length === 0} onClick={() => void keep()}>To my foyer</button>
            </div>
          </div>
        </Match>
      </Switch>
    </Frame>
  )
}
