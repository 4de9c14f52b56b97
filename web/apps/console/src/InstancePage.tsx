//! One instance: lease, limits, log level, every setting with its origin, and what an operator may do to it.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { InstanceDetail, InstanceState, Setting } from '@bijou/api-client/console.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Confirm, type Asked } from './Confirm.tsx'
import { console_, noticing } from './operator.ts'

/** How often it is asked again while somebody looks. */
const AGAIN_MS = 2000

type Action = 'level' | 'drain' | 'restart'

export function InstancePage(props: { app: string; id: string }) {
  const [detail, setDetail] = createSignal<InstanceDetail>()
  const [gone, setGone] = createSignal(false)
  const [action, setAction] = createSignal<Action>()
  const load = async () => {
    const answer = noticing(await console_.instance(props.app, props.id))
    setGone(!answer.ok && answer.problem.status === 404)
    if (answer.ok) setDetail(answer.value)
  }
  onMount(() => {
    void load()
    const again = setInterval(() => void load(), AGAIN_MS)
    onCleanup(() => clearInterval(again))
  })
  const act = async (answer: Promise<Answer<unknown>>): Promise<string | undefined> => {
    const done = noticing(await answer)
    if (!done.ok) return done.problem.detail ?? done.problem.title
    setAction(undefined)
    await load()
    return undefined
  }
  const chosen = (): (Asked & { run: (given: FormData) => Promise<string | undefined> }) | undefined => {
    const { app, id } = props
    const text = (given: FormData, name: string) => String(given.get(name) ?? '')
    switch (action()) {
      case undefined: return undefined
      case 'level': return {
        title: 'Change the log level', what: 'It falls back by itself when the time is over.', label: 'Change', hasLevel: true,
        run: (given) => act(console_.setLogLevel(app, id, text(given, 'level'), Number(text(given, 'duration_s')), text(given, 'reason'))),
      }
      case 'drain': return {
        title: 'Take it out', what: 'Nobody is sent there any more; what it works on is finished. It stays out until it is put back or restarted.', label: 'Take out',
        run: (given) => act(console_.drain(app, id, text(given, 'reason'))),
      }
      case 'restart': return {
        title: 'Restart it', what: 'It finishes what it works on and ends; the supervisor starts it again.', label: 'Restart',
        run: (given) => act(console_.restart(app, id, text(given, 'reason'))),
      }
    }
  }
  return (
    <main class="page">
      <p><a class="story__back" href="#/">Overview</a></p>
      <h1>{detail()?.instance.role ?? props.app.toLowerCase()} <span class="under mono">{props.id}</span></h1>
      <Show when={gone()}><Notice urgent title="It is not registered any more">It may come back: a restart takes a moment.</Notice></Show>
      <Show when={detail()}>{(detail) => (
        <>
          <Facts detail={detail()} />
          <Show when={detail().state} fallback={
            <Notice title="It cannot be asked from here">{detail().problem === 'instance-unreachable' ? 'It does not answer.' : 'The registry and programs that are not Bijou’s have no endpoints for the console.'}</Notice>
          }>
            {(state) => (
              <>
                <Controls state={state()} ask={setAction} undrain={() => act(console_.undrain(props.app, props.id))} />
                <Settings settings={detail().configuration ?? []} />
              </>
            )}
          </Show>
        </>
      )}</Show>
      <Show when={chosen()} keyed>{(asked) => <Confirm asked={asked} run={asked.run} close={() => setAction(undefined)} />}</Show>
    </main>
  )
}

function Facts(props: { detail: InstanceDetail }) {
  const it = () => props.detail.instance
  return (
    <dl class="page__facts">
      <div><dt>Registry says</dt><dd>{it().status}</dd></div>
      <div><dt>Health</dt><dd>{it().reasons?.join(', ') || it().health}</dd></div>
      <div><dt>Address</dt><dd class="mono">{it().addr}</dd></div>
      <div><dt>Version</dt><dd>{it().version ?? 'unknown'}</dd></div>
      <div><dt>Zone</dt><dd>{it().zone ?? 'none'}</dd></div>
      <Show when={it().lease}>{(lease) => <div><dt>Lease</dt><dd>{(lease().age_ms / 1000).toFixed(1)} s of {(lease().duration_ms / 1000).toFixed(0)} s</dd></div>}</Show>
      <div><dt>Last minute</dt><dd>{it().last_minute.requests} requests, {it().last_minute.failed} failed</dd></div>
      <Show when={props.detail.state}>{(state) => (
        <>
          <div><dt>Phase</dt><dd>{state().drained ? 'taken out' : state().phase}</dd></div>
          <Show when={state().limits}>{(limits) => <div><dt>In flight</dt><dd>{limits().in_flight} of {limits().in_flight_max}</dd></div>}</Show>
          <div><dt>Log level</dt><dd>{state().log.level}<Show when={state().log.falls_back_in_ms !== undefined}>, {state().log.configured} again in {Math.ceil((state().log.falls_back_in_ms ?? 0) / 1000)} s</Show></dd></div>
        </>
      )}</Show>
    </dl>
  )
}

function Controls(props: { state: InstanceState; ask: (action: Action) => void; undrain: () => Promise<string | undefined> }) {
  const [words, setWords] = createSignal<string>()
  return (
    <section class="panel" aria-labelledby="controls-name">
      <div class="panel__head"><h2 id="controls-name">Do something</h2><p class="faint">Every change is recorded in the <a href="#/audit">audit</a>.</p></div>
      <p class="page__actions">
        <button type="button" class="button button--small" onClick={() => props.ask('level')}>Log level…</button>
        <Show when={props.state.drained} fallback={<button type="button" class="button button--small" onClick={() => props.ask('drain')}>Take out…</button>}>
          <button type="button" class="button button--small" onClick={() => void props.undrain().then(setWords)}>Put back</button>
        </Show>
        <button type="button" class="button button--small" disabled={!props.state.supervised} onClick={() => props.ask('restart')}>Restart…</button>
        <Show when={!props.state.supervised}><span class="faint">It has no supervisor: whoever started it has to restart it.</span></Show>
      </p>
      <p class="sign-in__refused" role="alert">{words()}</p>
    </section>
  )
}

function Settings(props: { settings: Setting[] }) {
  return (
    <section class="panel" aria-labelledby="settings-name">
      <div class="panel__head"><h2 id="settings-name">Configuration in force</h2></div>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of settings">
        <table class="table">
          <thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">From</th></tr></thead>
          <tbody>
            <For each={props.settings}>
              {(setting) => <tr><th scope="row" class="mono">{setting.path}</th><td class="mono page__value">{setting.value}</td><td classList={{ faint: setting.origin === 'default' }}>{setting.origin}</td></tr>}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  )
}
