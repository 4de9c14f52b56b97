//! The operator's page: an overview that moves, and the story of one request.

import { createEffect, createSignal, Match, Show, Switch } from 'solid-js'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import { AuditPage } from './AuditPage.tsx'
import { InstancePage } from './InstancePage.tsx'
import { InstanceTable } from './Instances.tsx'
import { light, switchLight } from './light.ts'
import { startLive, type Live } from './live.ts'
import { LiveMap } from './map/LiveMap.tsx'
import { operator, signOut, who } from './operator.ts'
import { fragmentOf, here, type Place } from './places.ts'
import { RequestTable } from './Requests.tsx'
import { SignIn } from './SignIn.tsx'
import { Sparkline } from './Sparkline.tsx'
import { StoryPage } from './story/StoryPage.tsx'
import { ms, rate } from './words.ts'

export function App() {
  return (
    <Switch>
      <Match when={operator() === 'unknown'}><main class="sign-in"><h1 class="hidden-text">Operator</h1><WaitingBulbs large label="The console is coming up" /></main></Match>
      <Match when={operator() === 'nobody'}><SignIn /></Match>
      <Match when={operator() === 'signed-in'}><House /></Match>
    </Switch>
  )
}

function House() {
  const live = startLive()
  const [held, setHeld] = createSignal(false)
  createEffect(() => { document.title = TITLES[here().kind] })
  return (
    <div class="house">
      <header class="bar">
        <a class="bar__home" href="#/" aria-label="Bijou, overview"><Logo /></a>
        <span class="bar__what"><span class="hidden-text">Signed in: </span>{who() === 'token' ? 'Operator' : who()}</span>
        <nav class="bar__places" aria-label="Console">
          <a href={fragmentOf({ kind: 'overview' })} aria-current={here().kind === 'overview' ? 'page' : undefined}>Overview</a>
          <a href={fragmentOf({ kind: 'audit' })} aria-current={here().kind === 'audit' ? 'page' : undefined}>Audit</a>
        </nav>
        <Pulse live={live} held={held()} />
        <span class="bar__gap" />
        <button type="button" class="button button--small" aria-pressed={held()} onClick={() => setHeld(!held())}>{held() ? 'Go on' : 'Hold still'}</button>
        <button type="button" class="button button--small" onClick={switchLight}>{light() === 'day' ? 'Night' : 'Day'}</button>
        <button type="button" class="button button--small" onClick={() => void signOut()}>Sign out</button>
      </header>
      <Switch fallback={
        <main class="overview">
          <h1 class="hidden-text">Overview</h1>
          <LiveMap live={live} held={held()} />
          <InstanceTable live={live} />
          <RequestTable live={live} held={held()} />
        </main>
      }>
        <Match when={story()} keyed>{(place) => <StoryPage id={place.id} />}</Match>
        <Match when={instance()} keyed>{(place) => <InstancePage app={place.app} id={place.id} />}</Match>
        <Match when={here().kind === 'audit'}><AuditPage /></Match>
      </Switch>
    </div>
  )
}

const TITLES: Record<Place['kind'], string> = {
  overview: 'Bijou, operator',
  story: 'A request’s story · Bijou, operator',
  instance: 'An instance · Bijou, operator',
  audit: 'Audit · Bijou, operator',
}

function story() {
  const place = here()
  return place.kind === 'story' ? place : undefined
}

function instance() {
  const place = here()
  return place.kind === 'instance' ? place : undefined
}

/** The house's own numbers: is it live, how much, how well. */
function Pulse(props: { live: Live; held: boolean }) {
  const totals = () => props.live.rates().totals
  const state = () => (!props.live.connected() ? 'Reconnecting' : props.held ? 'Held still' : 'Live')
  return (
    <div class="pulse-line">
      <p class="live" classList={{ 'live--on': state() === 'Live' }} role="status"><i aria-hidden="true" />{state()}</p>
      <dl class="pulse-line__facts">
        <div><dt>Requests</dt><dd>{rate(totals().per_second)}</dd></div>
        <div class="pulse-line__spark"><dt class="hidden-text">Requests a second over the last minute</dt><dd><Sparkline values={props.live.rates().perSecond} label="Requests a second over the last minute" /></dd></div>
        <div><dt>Failed, 60 s</dt><dd>{totals().failed}</dd></div>
        <div><dt>p99, 60 s</dt><dd>{totals().requests === 0 ? 'quiet' : ms(totals().p99_ms)}</dd></div>
        <Show when={props.live.missed() > 0}><div><dt>Not shown</dt><dd>{props.live.missed()}</dd></div></Show>
      </dl>
    </div>
  )
}
