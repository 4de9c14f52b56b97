//! What somebody means to see, the newest first.

import { createEffect, createSignal, lazy, Match, on, Show, Switch } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Card } from '@bijou/api-client/types.ts'
import { CloseIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { bijou, me, member } from '../platform.ts'
import { pathOf } from '../places.ts'
import { cardOf, TitleGrid } from '../search/TitleGrid.tsx'
import { isKnown, listed, setOnList } from './state.ts'
import { titlesById } from './titles.ts'
import './ListPage.css'

const CardSheet = lazy(async () => ({ default: (await import('./CardSheet.tsx')).CardSheet }))

type State = { kind: 'loading' } | { kind: 'list'; cards: Card[]; gone: number } | { kind: 'problem'; problem: Problem }

export function ListPage() {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [said, setSaid] = createSignal('')
  const [asked, setAsked] = createSignal<Card>()
  const load = async () => {
    setState({ kind: 'loading' })
    const list = await bijou.mine.list()
    if (!list.ok) return void setState({ kind: 'problem', problem: list.problem })
    const ids = list.value.items.map((each) => each.title_id)
    const titles = await titlesById(bijou, ids)
    if (!titles.ok) return void setState({ kind: 'problem', problem: titles.problem })
    const cards = ids.flatMap((id) => {
      const title = titles.value.get(id)
      return title ? [cardOf(title)] : []
    })
    setState({ kind: 'list', cards, gone: ids.length - cards.length })
  }
  createEffect(on([() => member().kind, () => me()?.id], ([kind]) => void (kind === 'signed-in' && load())))
  const list = () => {
    const now = state()
    return now.kind === 'list' ? now : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  const remove = async (card: Card) => {
    const answer = await setOnList(card.title_id, false)
    setSaid(answer.ok ? `${card.name} is off your list` : `${card.name} is still there: profiles does not answer.`)
    const now = state()
    if (answer.ok && now.kind === 'list') setState({ ...now, cards: now.cards.filter((each) => each !== card) })
  }
  /** What was taken off in the sheet leaves when the sheet does, so that it can be put back meanwhile. */
  const close = () => {
    const card = asked()
    setAsked(undefined)
    const now = state()
    if (!card || now.kind !== 'list' || !isKnown() || listed().has(card.title_id)) return
    setSaid(`${card.name} is off your list`)
    setState({ ...now, cards: now.cards.filter((each) => each !== card) })
  }
  return (
    <Switch>
      <Match when={problem()?.code === 'profile-required'}>
        <Notice level={1} title="A list belongs to somebody" action={{ label: 'Who is watching?', href: '/profiles' }}>
          Choose a profile first, and it is here.
        </Notice>
      </Match>
      <Match when={problem()}>
        {(problem) => (
          <Notice level={1} urgent title="Your list cannot be shown" requestId={problem().request_id} action={{ label: 'Try again', run: () => void load() }}>
            It is kept safe, and every film plays as always. It is usually a matter of seconds.
          </Notice>
        )}
      </Match>
      <Match when={list()?.cards.length === 0}>
        <Notice level={1} title="Your list is empty" action={{ label: 'To the foyer', href: '/' }}>
          Press “My list” on a film’s page, and it waits for you here.
        </Notice>
      </Match>
      <Match when={true}>
        <div class="page" aria-busy={state().kind === 'loading'}>
          <div class="page__head"><h1 tabindex="-1">My list</h1><p class="row__held" aria-hidden="true">Hold OK for more</p></div>
          <p class="said" role="status">{said()}</p>
          <Show when={list()} fallback={<ul class="grid" aria-hidden="true">{Array.from({ length: 8 }, () => <li><span class="list__ghost ghost" /></li>)}</ul>}>
            {(list) => (
              <TitleGrid id="list" cards={list().cards} more={setAsked} extra={(card) => (
                <button type="button" class="list__off" data-focus-none aria-label={`Take ${card.name} off your list`} title="Take it off"
                  onClick={() => void remove(card)}><CloseIcon /></button>
              )} />
            )}
          </Show>
          <Show when={asked()}>{(card) => <CardSheet card={card()} kind="list" href={pathOf({ kind: 'title', id: card().title_id })} close={close} />}</Show>
          <Show when={(list()?.gone ?? 0) > 0}>
            <p class="faint list__gone">{list()?.gone === 1 ? 'One more title has' : `${list()?.gone} more titles have`} left the programme for now.</p>
          </Show>
        </div>
      </Match>
    </Switch>
  )
}
