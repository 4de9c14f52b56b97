//! What stands around every page: where one may go, how the house is doing right now, and what is wrong with the view itself.

import { createEffect, createSignal, ErrorBoundary, For, on, onCleanup, onMount, Show, Suspense, type Component } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { faults, FAULTS_EVERY_MS, lookAtFaults, placeOfFault, running, whatItDoes } from './faults/faults.ts'
import { light, switchLight } from './light.ts'
import { startLive, type Live } from './live.ts'
import { signOut, who } from './operator.ts'
import { GROUPS, PAGES, type Page, type PageProps } from './pages.ts'
import { Banner } from './parts/Banner.tsx'
import { LiveDot } from './parts/LiveDot.tsx'
import { Sparkline } from './parts/Sparkline.tsx'
import { fragmentOf, here, type Kind, type Place } from './places.ts'
import { ms, rate } from './words.ts'
import './Shell.css'

export function Shell() {
  const live = startLive()
  const [held, setHeld] = createSignal(false)
  createEffect(() => { document.title = `${PAGES[here().kind].name} · Bijou, operator` })
  onMount(() => {
    void lookAtFaults()
    const again = setInterval(() => void lookAtFaults(), FAULTS_EVERY_MS)
    onCleanup(() => clearInterval(again))
  })
  return (
    <div class="shell">
      <a class="skip" href="#page" onClick={(event) => { event.preventDefault(); document.querySelector('main')?.focus() }}>To the page</a>
      <Places />
      <div class="shell__right">
        <header class="bar">
          <Pulse live={live} held={held()} />
          <span class="bar__gap" />
          <button type="button" class="button button--small" aria-pressed={held()} onClick={() => setHeld(!held())}>{held() ? 'Go on' : 'Hold still'}</button>
          <button type="button" class="button button--small" onClick={switchLight}>{light() === 'day' ? 'Night' : 'Day'}</button>
        </header>
        <Banners live={live} />
        <Here live={live} held={held()} />
      </div>
    </div>
  )
}

function Places() {
  const kinds = Object.keys(PAGES) as Kind[]
  const inGroup = (group: string) => kinds.filter((kind) => groupOf(PAGES[kind]) === group)
  const current = () => {
    const page = PAGES[here().kind]
    return 'list' in page.in ? page.in.list : here().kind
  }
  return (
    <nav class="places" aria-label="Console">
      <a class="places__home" href="#/" aria-label="Bijou, overview"><Logo /></a>
      <For each={GROUPS}>
        {(group) => (
          <div class="places__group">
            <Show when={group !== ''}><p class="places__name">{group}</p></Show>
            <ul>
              <For each={inGroup(group)}>
                {/* What the navigation lists has no parameters: its kind alone is the place. */}
                {(kind) => <li><a href={fragmentOf({ kind } as Place)} aria-current={current() === kind ? 'page' : undefined}>{PAGES[kind].name}</a></li>}
              </For>
            </ul>
          </div>
        )}
      </For>
      <div class="places__who">
        <p class="faint"><span class="hidden-text">Signed in: </span>{who() === 'token' ? 'Operator' : who()}</p>
        <button type="button" class="button button--small" onClick={() => void signOut()}>Sign out</button>
      </div>
    </nav>
  )
}

const groupOf = (page: Pick<Page, 'in'>): string | undefined => ('group' in page.in ? page.in.group : undefined)

/** The page of this place. One that cannot be fetched or breaks leaves the rest of the console standing. */
function Here(props: { live: Live; held: boolean }) {
  let main!: HTMLElement
  createEffect(on(here, () => { main.focus({ preventScroll: true }); scrollTo(0, 0) }, { defer: true }))
  return (
    <main class="shell__page" id="page" tabindex="-1" ref={main}>
      <Show when={here()} keyed>
        {(place) => (
          <ErrorBoundary fallback={(error: unknown) => <Broken error={error} />}>
            <Suspense fallback={<div class="shell__wait"><WaitingBulbs large label="The page is coming up" /></div>}>
              <Dynamic component={PAGES[place.kind].show as Component<PageProps<Kind>>} live={props.live} held={props.held} to={place as PageProps<Kind>['to']} />
            </Suspense>
          </ErrorBoundary>
        )}
      </Show>
    </main>
  )
}

function Broken(props: { error: unknown }) {
  return (
    <Notice level={1} urgent title="This page did not come" action={{ label: 'Load again', run: () => location.reload() }}>
      The other pages still work. The browser says: {props.error instanceof Error ? props.error.message : String(props.error)}
    </Notice>
  )
}

/** What an operator must know on every page, whatever they came for. */
function Banners(props: { live: Live }) {
  return (
    <>
      <Show when={props.live.lost()}>
        <Banner title="The console does not answer.">What is shown is the last that was heard. It is tried again by itself; the platform goes on without it.</Banner>
      </Show>
      <Show when={running().length > 0}>
        <Banner title="Broken on purpose:">{running().map((fault) => `${whatItDoes(fault)}, ${placeOfFault(fault)}`).join('; ')}. <a href={fragmentOf({ kind: 'faults' })}>Look and stop</a></Banner>
      </Show>
      <Show when={props.live.registry()?.reachable === false}>
        <Banner title="The registry is away.">Instances are those of its last picture, and the gateway goes on with its own copy.</Banner>
      </Show>
    </>
  )
}

/** Is it live, and how do the requests do that come from outside: all of them, as gateways count them. */
function Pulse(props: { live: Live; held: boolean }) {
  const outside = () => props.live.outside()
  const spots = () => (outside()?.looks ?? []).map((look) => ({ at_ms: Date.parse(look.at), value: look.per_second }))
  const broken = () => (faults()?.items ?? []).map((fault) => ({ from_ms: Date.parse(fault.started_at), to_ms: Date.parse(fault.ends_at) }))
  const failures = fragmentOf({ kind: 'requests' }, { outcome: 'failed' })
  const failed = () => outside()?.last_minute.failed
  return (
    <div class="pulse-line">
      <LiveDot connected={props.live.connected()} held={props.held} />
      <dl class="pulse-line__facts">
        <div><dt>Requests</dt><dd><Show when={outside()} fallback="not counted yet">{(outside) => rate(outside().per_second)}</Show></dd></div>
        <div class="pulse-line__spark"><dt class="hidden-text">Requests a second over the last five minutes</dt><dd><Sparkline spots={spots()} marks={broken()} label="Requests a second over the last five minutes" /></dd></div>
        <div><dt>Failed, 60 s</dt><dd><a href={failures}><Show when={failed() !== undefined} fallback="unknown">{(failed() ?? 0) > 0 && '✕ '}{failed()}</Show><span class="hidden-text"> failed requests, show them</span></a></dd></div>
        <div><dt>p99, 60 s</dt><dd><Show when={outside()?.last_minute.p99_ms} fallback="quiet">{(p99) => ms(p99())}</Show></dd></div>
        <Show when={props.live.missed() > 0}><div><dt>Not shown</dt><dd>{props.live.missed()}</dd></div></Show>
      </dl>
    </div>
  )
}
