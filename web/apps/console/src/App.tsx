//! The operator's page: an overview that moves, and the story of one request.

import { createEffect, createSignal, Match, Show, Switch } from 'solid-js'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import { InstanceTable } from './Instances.tsx'
import { light, switchLight } from './light.ts'
import { startLive, type Live } from './live.ts'
import { LiveMap } from './map/LiveMap.tsx'
import { operator, signOut } from './operator.ts'
import { here } from './places.ts'
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
  const storyId = () => {
    const place = here()
    return place.kind === 'story' ? place.id : undefined
  }
  createEffect(() => {
    document.title = storyId() === undefined ? 'Bijou, operator' : 'A request’s story · Bijou, operator'
  })
  return (
    <div class="house">
      <header class="bar">
        <a class="bar__home" href="#/" aria-label="Bijou, overview"><Logo /></a>
        <span class="bar__what">Operator</span>
        <Pulse live={live} held={held()} />
        <span class="bar__gap" />
        <button type="button" class="button button--small" aria-pressed={held()} onClick={() => setHeld(!held())}>{held() ? 'Go on' : 'Hold still'}</button>
        <button type="button" class="button button--small" onClick={switchLight}>{light() === 'day' ? 'Night' : 'Day'}</button>
        <button type="button" class="button button--small" onClick={() => void signOut()}>Sign out</button>
      </header>
      <Show when={storyId()} keyed fallback={
        <main class="overview">
          <h1 class="hidden-text">Overview</h1>
          <LiveMap live={live} held={held()} />
          <InstanceTable live={live} />
          <RequestTable live={live} held={held()} />
        </main>
      }>
        {(id) => <StoryPage id={id} />}
      </Show>
    </div>
  )
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
