//! Why this title is here, told in full: what of one's own watching speaks for it, and how much.

import { createSignal, For, Match, Show, Switch } from 'solid-js'
import type { Explanation } from '@bijou/api-client/types.ts'
import { InfoIcon } from '@bijou/ui/icons.tsx'
import { pathOf } from '../places.ts'
import { bijou } from '../platform.ts'
import './Why.css'

type State = { kind: 'closed' } | { kind: 'loading' } | { kind: 'told'; told: Explanation } | { kind: 'away' }

export function Why(props: { card: string; reason: string }) {
  const [state, setState] = createSignal<State>({ kind: 'closed' })
  const ask = async () => {
    if (state().kind !== 'closed') return void setState({ kind: 'closed' })
    setState({ kind: 'loading' })
    const answer = await bijou.explain(props.card)
    setState(answer.ok ? { kind: 'told', told: answer.value } : { kind: 'away' })
  }
  const told = () => {
    const now = state()
    return now.kind === 'told' ? now.told : undefined
  }
  return (
    <div class="why" data-focus-row>
      <p class="why__line"><span>{props.reason}</span>
        <button type="button" class="why__ask" id={`why-${props.card}`} aria-expanded={state().kind !== 'closed'} onClick={() => void ask()}>
          <InfoIcon />Why this?
        </button>
      </p>
      <div aria-live="polite">
        <Switch>
          <Match when={state().kind === 'loading'}><p class="faint">Looking it up</p></Match>
          <Match when={state().kind === 'away'}><p class="faint">The explanation did not come. The reason above is true all the same.</p></Match>
          <Match when={told()}>
            {(told) => (
              <>
                <p>{told().text}</p>
                <Show when={told().contributions.length > 0}>
                  <ul class="why__shares">
                    <For each={told().contributions}>
                      {(each) => (
                        <li>
                          <Show when={each.title_id} fallback={<span>{each.name}</span>}>
                            {(id) => <a href={pathOf({ kind: 'title', id: id() })}>{each.name}</a>}
                          </Show>
                          <span class="why__bar" aria-hidden="true"><i style={{ width: `${Math.round(each.share * 100)}%` }} /></span>
                          <span class="why__share">{Math.round(each.share * 100)} %</span>
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
              </>
            )}
          </Match>
        </Switch>
      </div>
    </div>
  )
}
