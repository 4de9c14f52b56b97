//! The foyer: one film in the light, rows of others, more rows as one walks on.

import { createEffect, createSignal, For, lazy, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Row } from '@bijou/ui/Row.tsx'
import { RowSkeleton } from '@bijou/ui/Skeleton.tsx'
import type { Card, Row as RowShape } from '@bijou/api-client/types.ts'
import { offline, whenBack } from '../network.ts'
import { pathOf } from '../places.ts'
import { bijou, me, member, onOtherPerson } from '../platform.ts'
import { Hero, HeroSkeleton } from './Hero.tsx'
import { SeenLog, watchSeen } from './seen.ts'
import { forgetHome, home, isNewHere, loadHome, loadMore, noteOf } from './state.ts'
import './Home.css'

const CardSheet = lazy(async () => ({ default: (await import('../mine/CardSheet.tsx')).CardSheet }))

/** What was begun goes on at once; everything else has its page first. */
const hrefOf = (card: Card) => {
  const { title_id: id, progress, playable } = card
  if (!progress || !playable || (card.kind === 'show' && !progress.episode_id)) return pathOf({ kind: 'title', id })
  return pathOf({ kind: 'watch', id, ...(progress.episode_id && { episode: progress.episode_id }) })
}

/** What everybody looks at hangs as posters; everything else is a still. */
const formOf = (row: RowShape) => (row.kind === 'popular' || row.kind === 'top10' ? 'tall' : 'wide')

const seen = new SeenLog((items) => void bijou.seen(items))
const watch = watchSeen(seen)

/** Cards that were made for somebody; of children nothing is kept anyway. */
const placedIn = (row: RowShape) => (element: HTMLElement, card: Card, position: number) => {
  if (card.card && me() && !me()?.kids) watch(element, { card: card.card, row: row.id, position })
}

onOtherPerson(() => {
  forgetHome()
  seen.forget()
})

const as = <K extends ReturnType<typeof home>['kind']>(kind: K) => () => {
  const state = home()
  return state.kind === kind ? (state as Extract<ReturnType<typeof home>, { kind: K }>) : undefined
}

export function Home() {
  const [asked, setAsked] = createSignal<{ card: Card; row: RowShape }>()
  const again = () => {
    forgetHome()
    void loadHome(bijou)
  }
  whenBack(() => home().kind === 'problem' && again())
  createEffect(on([() => member().kind, me], ([kind]) => void (kind === 'signed-in' && loadHome(bijou))))
  createEffect(on(() => home().kind, (kind) => {
    // While the first picture is looked at, fetch the page that comes next.
    if (kind === 'home') setTimeout(() => void import('../title/TitlePage.tsx'), 1200)
  }))
  return (
    <Switch>
      <Match when={home().kind === 'loading'}>
        <div class="home" aria-busy="true">
          <h1 class="hidden-text">Home is coming up</h1>
          <HeroSkeleton />
          <div class="home__rows"><RowSkeleton form="tall" /><RowSkeleton form="wide" /></div>
        </div>
      </Match>
      <Match when={as('problem')()}>
        {(state) => (
          <Notice level={1} urgent title={offline() ? 'No way to the house' : 'The foyer is dark'} requestId={state().problem.request_id}
            action={{ label: 'Try again', run: again }}>
            <Show when={offline()} fallback={`Neither the recommendations nor the catalog answered. A film that is playing goes on playing,
              and your account is safe. It is usually a matter of seconds.`}>
              This device has no network just now. Nothing of yours is lost; this page comes by itself when there is one again.
            </Show>
          </Notice>
        )}
      </Match>
      <Match when={as('home')()}>
        {(state) => (
          <div class="home">
            <Show when={state().home.hero} fallback={<h1 class="hidden-text">Home</h1>}>
              {(card) => <Hero card={card()} />}
            </Show>
            <Show when={state().standIn}>
              <p class="home__note" role="status">
                Recommendations are away for the moment, so this is the whole catalog. Everything plays as always.
              </p>
            </Show>
            <Show when={!state().standIn && state().home.missing?.includes('profiles')}>
              <p class="home__note" role="status">
                Your own rows are away for the moment: what you began, your list, your picks. Nothing of it is lost, and every film plays.
              </p>
            </Show>
            <Show when={me() && isNewHere(state().home)}>
              <p class="home__note home__note--ask" data-focus-row="ask">
                <span>Name three films you like, and this page becomes yours.</span>
                <a class="button button--small" id="ask-picks" href={pathOf({ kind: 'picks' })}>Choose three</a>
              </p>
            </Show>
            <div class="home__rows">
              <For each={state().home.rows} fallback={<EmptyHouse />}>
                {(row, at) => <Row row={row} form={formOf(row)} note={noteOf(row)} hrefOf={hrefOf} eager={at() === 0}
                  placed={placedIn(row)} more={(card) => setAsked({ card, row })} />}
              </For>
            </div>
            <Show when={state().home.next} keyed>{(_cursor) => <More />}</Show>
            <Show when={asked()}>
              {(asked) => <CardSheet card={asked().card} kind={asked().row.kind} href={hrefOf(asked().card)} close={() => setAsked(undefined)} />}
            </Show>
          </div>
        )}
      </Match>
    </Switch>
  )
}

function EmptyHouse() {
  return (
    <Notice title="No films yet">
      Rows appear here as soon as the catalog has titles. They can be imported
      with <code>bijou catalog import</code>, and films added with <code>bijou media ingest</code>.
    </Notice>
  )
}

const AGAIN_MS = 3000

/** One for every cursor. Comes into view shortly before the end of the page does, and asks until it is answered. */
function More() {
  let mark!: HTMLDivElement
  let near = false
  let again: ReturnType<typeof setTimeout> | undefined
  const ask = async () => {
    clearTimeout(again)
    if (!near) return
    await loadMore(bijou)
    // Answered, this is gone; otherwise the service is away and somebody still looks at the skeleton.
    again = setTimeout(() => void ask(), AGAIN_MS)
  }
  onMount(() => {
    const watch = new IntersectionObserver((seen) => {
      near = seen.some((each) => each.isIntersecting)
      void ask()
    }, { rootMargin: '600px' })
    watch.observe(mark)
    onCleanup(() => {
      near = false
      clearTimeout(again)
      watch.disconnect()
    })
  })
  return <div ref={mark} class="home__more"><RowSkeleton form="wide" /></div>
}
