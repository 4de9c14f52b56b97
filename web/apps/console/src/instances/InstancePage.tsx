//! One instance: lease, limits, log level, every setting with its origin, and what an operator may do to it.

import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { InstanceDetail, InstanceState, Setting } from '@bijou/api-client/console.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { Confirm, type Asked } from '../parts/Confirm.tsx'
import { KeyValues, type Fact } from '../parts/KeyValues.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'

/** How often it is asked again while somebody looks. */
const AGAIN_MS = 2000

type Action = 'level' | 'drain' | 'restart'

export default function InstancePage(props: PageProps<'instance'>) {
  const [detail, setDetail] = createSignal<InstanceDetail>()
  const [problem, setProblem] = createSignal<Problem>()
  const [action, setAction] = createSignal<Action>()
  const load = async () => {
    const answer = noticing(await console_.instance(props.to.app, props.to.id))
    setProblem(answer.ok ? undefined : answer.problem)
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
    const { app, id } = props.to
    const text = (given: FormData, name: string) => String(given.get(name) ?? '')
    switch (action()) {
      case undefined: return undefined
      case 'level': return {
        title: 'Change the log level', what: 'It falls back by itself when the time is over.', label: 'Change',
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
    <div class="page">
      <p><a class="back" href={fragmentOf({ kind: 'instances' })}>Instances</a></p>
      <h1>{detail()?.instance.role ?? props.to.app.toLowerCase()} <span class="under mono">{props.to.id}</span></h1>
      <Show when={problem()}>{(problem) => <ProblemNote what={problem().status === 404 ? 'It is not registered' : 'It did not come'} problem={problem()} />}</Show>
      <Show when={detail()}>{(detail) => (
        <>
          <Facts detail={detail()} />
          <Show when={detail().state} fallback={
            <Notice title="It cannot be asked from here">{detail().problem === 'instance-unreachable' ? 'It does not answer.' : 'The registry and programs that are not Bijou’s have no endpoints for the console.'}</Notice>
          }>
            {(state) => (
              <>
                <Controls state={state()} ask={setAction} undrain={() => act(console_.undrain(props.to.app, props.to.id))} />
                <Settings settings={detail().configuration ?? []} />
              </>
            )}
          </Show>
        </>
      )}</Show>
      <Show when={chosen()} keyed>{(asked) => <Confirm asked={asked} run={asked.run} close={() => setAction(undefined)}><Show when={action() === 'level'}><LevelFields /></Show></Confirm>}</Show>
    </div>
  )
}

function LevelFields() {
  return (
    <>
      <label>Level <input name="level" required value="debug" aria-describedby="level-hint" /></label>
      <p class="faint" id="level-hint">error, warn, info, debug, trace; by target too: info,bijou_catalog=debug</p>
      <label>Seconds <input name="duration_s" type="number" min="1" max="3600" required value="300" /></label>
    </>
  )
}

function Facts(props: { detail: InstanceDetail }) {
  const facts = (): (Fact | undefined)[] => {
    const { instance, state } = props.detail
    const { lease, last_minute } = instance
    return [
      { name: 'Registry says', value: instance.status },
      { name: 'Health', value: instance.reasons?.join(', ') || instance.health },
      { name: 'Address', value: instance.addr, mono: true },
      { name: 'Version', value: instance.version ?? 'unknown' },
      { name: 'Zone', value: instance.zone ?? 'none' },
      lease && { name: 'Lease', value: `${(lease.age_ms / 1000).toFixed(1)} s of ${(lease.duration_ms / 1000).toFixed(0)} s` },
      { name: 'Last minute', value: last_minute === undefined ? 'not counted' : `${last_minute.requests} requests, ${last_minute.failed} failed` },
      state && { name: 'Phase', value: state.drained ? 'taken out' : state.phase },
      state?.limits && { name: 'In flight', value: `${state.limits.in_flight} of ${state.limits.in_flight_max}` },
      state && { name: 'Log level', value: levelOf(state) },
    ]
  }
  return <KeyValues facts={facts()} />
}

function levelOf({ log }: InstanceState): string {
  return log.falls_back_in_ms === undefined ? log.level : `${log.level}, ${log.configured} again in ${Math.ceil(log.falls_back_in_ms / 1000)} s`
}

function Controls(props: { state: InstanceState; ask: (action: Action) => void; undrain: () => Promise<string | undefined> }) {
  const [words, setWords] = createSignal<string>()
  return (
    <section class="panel" aria-labelledby="controls-name">
      <div class="panel__head"><h2 id="controls-name">Do something</h2><p class="faint">Every change is recorded in the <a href={fragmentOf({ kind: 'audit' })}>audit</a>.</p></div>
      <p class="page__actions">
        <button type="button" class="button button--small" onClick={() => props.ask('level')}>Log level…</button>
        <Show when={props.state.drained} fallback={<button type="button" class="button button--small" onClick={() => props.ask('drain')}>Take out…</button>}>
          <button type="button" class="button button--small" onClick={() => void props.undrain().then(setWords)}>Put back</button>
        </Show>
        <button type="button" class="button button--small" disabled={!props.state.supervised} onClick={() => props.ask('restart')}>Restart…</button>
        <Show when={!props.state.supervised}><span class="faint">It has no supervisor: whoever started it has to restart it.</span></Show>
      </p>
      <p class="refused" role="alert">{words()}</p>
    </section>
  )
}

function Settings(props: { settings: Setting[] }) {
  return (
    <section class="panel" aria-labelledby="settings-name">
      <div class="panel__head"><h2 id="settings-name">Configuration in force</h2></div>
      <Table label="Table of settings" rows={props.settings} key={(setting) => setting.path} empty="It told none."
        columns={[
          { name: 'Setting', names: true, class: 'mono', by: (setting) => setting.path, cell: (setting) => setting().path },
          { name: 'Value', class: 'mono page__value', cell: (setting) => setting().value },
          { name: 'From', by: (setting) => setting.origin, cell: (setting) => <span classList={{ faint: setting().origin === 'default' }}>{setting().origin}</span> },
        ]} />
    </section>
  )
}
