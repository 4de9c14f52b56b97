//! Why this title is here, told in full: what of one's own watching speaks for it, and how much.

import { createSignal, For, Match, Show, Switch } from 'solid-js'
import type { Contribution, Explanation } from '@bijou/api-client/types.ts'
import { InfoIcon } from '@bijou/ui/icons.tsx'
import { pathOf } from '../places.ts'
import { bijou } from '../platform.ts'
import './Why.css'

type State = { kind: 'closed' } | { kind: 'loading' } | { kind: 'told'; told: Explanation } | { kind: 'away' }

const KINDS: Record<string, string> = { watched: 'watched', liked: 'liked', loved: 'loved', picked: 'picked' }
const SHOWN_MAX = 5

const count = (number: number) => number.toLocaleString('en-GB')
const day = (at: string) => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })

/** What speaks for the title, the most first; what speaks against it did not bring it here. */
const speaking = (told: Explanation): Contribution[] => told.contributions.filter((each) => each.share >= 0.005).slice(0, SHOWN_MAX)

function popularity({ plays_week = 0, plays = 0 }: Explanation): string {
  if (plays_week > 0) return `Played ${count(plays_week)} ${plays_week === 1 ? 'time' : 'times'} this week, by everybody together. Nothing of your own speaks for it yet.`
  if (plays > 0) return `Played ${count(plays)} ${plays === 1 ? 'time' : 'times'} so far, by everybody together. Nothing of your own speaks for it yet.`
  return 'Nothing that was watched speaks for it: it is here for what it is.'
}

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
                <Show when={told().text !== props.reason}><p>{told().text}</p></Show>
                <Show when={speaking(told()).length > 0} fallback={<p class="quiet">{popularity(told())}</p>}>
                  <ul class="why__shares">
                    <For each={speaking(told())}>
                      {(each) => (
                        <li>
                          <a href={pathOf({ kind: 'title', id: each.title_id })}>{each.name}</a>
                          <span class="why__kind faint">{KINDS[each.kind] ?? each.kind}</span>
                          <span class="why__bar" aria-hidden="true"><i style={{ width: `${Math.round(each.share * 100)}%` }} /></span>
                          <span class="why__share">{Math.round(each.share * 100)} %</span>
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
                <Show when={told().model}>
                  {(model) => <p class="why__model faint">Reckoned by a model of {day(model().made_at)} from {count(model().interactions)} plays of {count(model().profiles)} people.</p>}
                </Show>
              </>
            )}
          </Match>
        </Switch>
      </div>
    </div>
  )
}
