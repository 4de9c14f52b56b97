//! The fault lab: something is broken on purpose, within limits, and mended by itself or by one button.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { Fault, NewFault } from '@bijou/api-client/console.ts'
import { console_, noticing } from '../operator.ts'
import { Table } from '../parts/Table.tsx'
import { time } from '../words.ts'
import { faults, forWhom, lookAtFaults, placeOfFault, running, whatItDoes } from './faults.ts'
import './faults.css'

type Kind = NewFault['kind']

export default function FaultsPage() {
  onMount(() => void lookAtFaults())
  const [words, setWords] = createSignal<string>()
  const stop = async (id: string) => {
    const done = noticing(await console_.stopFault(id))
    // One that has ended meanwhile is what was wanted.
    setWords(done.ok || done.problem.status === 404 ? undefined : done.problem.detail ?? done.problem.title)
    await lookAtFaults()
  }
  return (
    <div class="page">
      <h1>Faults</h1>
      <p class="quiet">Breaks something on purpose. Every fault ends by itself, also when this console is gone.</p>
      <section class="panel" aria-labelledby="faults-list">
        <div class="panel__head">
          <h2 id="faults-list">Running and over</h2>
          <StopAll told={setWords} />
        </div>
        <p class="refused" role="alert">{words()}</p>
        <Table label="Table of faults" rows={faults()?.items ?? []} key={(fault) => fault.id} empty="Nothing was broken on purpose yet."
          columns={[
            { name: 'What', names: true, cell: (fault) => <><span class="strong">{whatItDoes(fault())}</span><span class="under mono">{placeOfFault(fault())}</span></> },
            { name: 'For whom', cell: (fault) => forWhom(fault()) },
            { name: 'State', by: (fault) => fault.state, cell: (fault) => <State fault={fault()} /> },
            { name: 'Struck', number: true, by: (fault) => fault.hits, cell: (fault) => fault().hits },
            { name: 'Who and why', cell: (fault) => <>{fault().by}<span class="under">{fault().reason}</span></> },
            { name: 'Stop it', nameHidden: true, cell: (fault) => <Show when={fault().state === 'running'}><button type="button" class="button button--small" aria-label={`Stop ${whatItDoes(fault())}, ${placeOfFault(fault())}`} onClick={() => void stop(fault().id)}>Stop</button></Show> },
          ]} />
      </section>
      <New />
    </div>
  )
}

function StopAll(props: { told: (words: string | undefined) => void }) {
  const stop = async () => {
    const done = noticing(await console_.stopFaults())
    props.told(done.ok ? undefined : done.problem.detail ?? done.problem.title)
    await lookAtFaults()
  }
  return <button type="button" class="button button--small" disabled={running().length === 0} onClick={() => void stop()}>Stop all</button>
}

function State(props: { fault: Fault }) {
  return (
    <>
      {props.fault.state === 'running' ? '● running' : props.fault.state}
      <span class="under">{props.fault.state === 'running' ? 'until' : 'at'} {time(props.fault.ends_at)}</span>
      <Show when={props.fault.state === 'running' && props.fault.instances_not_told > 0}><span class="under">{props.fault.instances_not_told} instances were not told</span></Show>
    </>
  )
}

function New() {
  const [kind, setKind] = createSignal<Kind>('abort')
  const [where, setWhere] = createSignal<'edge' | 'route'>('edge')
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const start = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    setBusy(true)
    const done = noticing(await console_.startFault(asked(new FormData(form), kind())))
    setBusy(false)
    setWords(done.ok ? undefined : done.problem.detail ?? done.problem.title)
    if (done.ok) await lookAtFaults()
  }
  return (
    <section class="panel" aria-labelledby="faults-new">
      <div class="panel__head">
        <h2 id="faults-new">Put one in</h2>
        <Show when={faults()}>{(limits) => <p class="faint">At most {limits().percent_max} % of the requests at one place, for {limits().duration_s_max} s.</p>}</Show>
      </div>
      <form class="fault-form" onSubmit={(event) => void start(event)}>
        <label>What happens
          <select name="kind" value={kind()} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            <option value="abort">An answer</option>
            <option value="delay">A delay</option>
            <option value="limit">A limit</option>
          </select>
        </label>
        <Show when={kind() === 'abort'}><label>Status <input name="status" type="number" min="400" max="599" required value="503" /></label></Show>
        <Show when={kind() === 'delay'}><label>Milliseconds <input name="delay_ms" type="number" min="1" max="30000" required value="500" /></label></Show>
        <Show when={kind() === 'limit'}><label>A second and instance <input name="per_second" type="number" min="1" required value="5" /></label></Show>
        <label>Where
          <select name="where" value={where()} onChange={(event) => setWhere(event.currentTarget.value as 'edge' | 'route')}>
            <option value="edge">Between services</option>
            <option value="route">A route</option>
          </select>
        </label>
        <Show when={where() === 'edge'} fallback={<label>Route <input name="route" required maxlength="100" autocomplete="off" /></label>}>
          <label>From <select name="from"><option value="">everybody</option><For each={faults()?.roles}>{(role) => <option value={role}>{role}</option>}</For></select></label>
          <label>To <select name="to"><For each={faults()?.roles.filter((role) => role !== 'gateway')}>{(role) => <option value={role} selected={role === 'catalog'}>{role}</option>}</For></select></label>
        </Show>
        <label>Percent of requests <input name="percent" type="number" min="1" max="100" required value="20" /></label>
        <label>Percent of accounts <input name="accounts_percent" type="number" min="1" max="100" placeholder="all" /></label>
        <label>Seconds <input name="duration_s" type="number" min="1" max={faults()?.duration_s_max} required value="60" /></label>
        <label>Why <input name="reason" required maxlength="500" autocomplete="off" /></label>
        <p class="refused" role="alert">{words()}</p>
        <p class="page__actions"><button type="submit" class="button button--main" disabled={busy()}>Break it</button></p>
      </form>
    </section>
  )
}

function asked(given: FormData, kind: Kind): NewFault {
  const text = (name: string) => String(given.get(name) ?? '').trim()
  const number = (name: string) => (text(name) === '' ? undefined : Number(text(name)))
  const members = {
    kind, percent: Number(text('percent')), duration_s: Number(text('duration_s')), reason: text('reason'),
    delay_ms: number('delay_ms'), status: number('status'), per_second: number('per_second'), accounts_percent: number('accounts_percent'),
    route: text('route') || undefined, from: text('from') || undefined, to: text('to') || undefined,
  }
  return JSON.parse(JSON.stringify(members)) as NewFault
}
