//! What would happen to a request, without making it. The question is the address, so an answer can be passed on.

import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import type { Candidate, Explanation, FilterVerdict } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { KeyValues } from '../parts/KeyValues.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf, query } from '../places.ts'
import { answerOf, attempts, depending, questionIn, staying, VERDICTS } from './explain.ts'

const FILTERS: readonly Filter[] = [
  { kind: 'choice', name: 'method', label: 'Method', none: 'GET', choices: ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [method, method] as const) },
  { kind: 'text', name: 'url', label: 'Path or address' },
  { kind: 'choice', name: 'as', label: 'Asked by', none: 'nobody', choices: [['viewer', 'a viewer'], ['operator', 'an operator'], ['partner', 'a partner']] },
  { kind: 'text', name: 'account', label: 'or account id' },
  { kind: 'text', name: 'client', label: 'From address' },
]

export default function ExplainPage() {
  const [told, setTold] = createSignal<Explanation>()
  const [problem, setProblem] = createSignal<Problem>()
  const question = createMemo(() => questionIn(query()), undefined, { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) })
  const load = async () => {
    const now = question()
    if (now === undefined) return void (setTold(undefined), setProblem(undefined))
    const answer = noticing(await console_.explain(now))
    // Somebody typed on meanwhile: that answer is on its way, too.
    if (now !== question()) return
    setProblem(answer.ok ? undefined : answer.problem)
    setTold(answer.ok ? answer.value : undefined)
  }
  createEffect(on(question, () => void load()))
  return (
    <div class="page">
      <h1>Explain</h1>
      <p class="quiet">What would happen to a request: its route, each filter, and who would answer. It is not made, and nothing is counted.</p>
      <FilterBar filters={FILTERS} label="Which request" />
      <Show when={problem()}>{(problem) => <ProblemNote what="It was not explained" problem={problem()} again={() => void load()} />}</Show>
      <Show when={question() === undefined}><p class="quiet">Name a path, as <code class="mono">/v1/home</code>; a whole address where the host matters.</p></Show>
      <Show when={told()}>{(told) => <Told told={told()} />}</Show>
    </div>
  )
}

function Told(props: { told: Explanation }) {
  return (
    <>
      <section class="panel" aria-label="Answer" role="status">
        <h2>{answerOf(props.told)}</h2>
        <p class="mono">{props.told.method} {props.told.path}{props.told.host && ` at ${props.told.host}`}</p>
        <Show when={depending(props.told).length > 0}><p class="quiet">It depends on {depending(props.told).join(' and ')}: only asking would tell.</p></Show>
      </section>
      <Route told={props.told} />
      <section class="panel" aria-labelledby="explain-filters">
        <div class="panel__head"><h2 id="explain-filters">Filters</h2></div>
        <Table label="Table of filters" rows={props.told.filters} key={(one) => one.filter} empty="This gateway has none."
          columns={[
            { name: 'Filter', names: true, class: 'mono', cell: (one) => one().filter },
            { name: 'Verdict', cell: (one) => <Verdict of={one().verdict} /> },
            { name: 'Why', cell: (one) => one().why },
          ]} />
      </section>
      <Show when={props.told.route && props.told.candidates.length > 0}><Candidates told={props.told} /></Show>
    </>
  )
}

function Route(props: { told: Explanation }) {
  return (
    <section class="panel" aria-labelledby="explain-route">
      <div class="panel__head"><h2 id="explain-route">Route</h2></div>
      <Show when={props.told.route} fallback={<p>None takes it.</p>}>
        {(route) => (
          <KeyValues facts={[
            { name: 'Route', value: route().id, mono: true },
            { name: 'Application', value: route().application, mono: true },
            { name: 'Why', value: route().why },
          ]} />
        )}
      </Show>
      <Show when={props.told.others.length > 0}>
        <Table label="Table of routes not taken" rows={props.told.others} key={(one) => one.id} empty=""
          columns={[
            { name: 'Not taken', names: true, class: 'mono', cell: (one) => one().id },
            { name: 'Why not', cell: (one) => one().why_not },
          ]} />
      </Show>
    </section>
  )
}

function Verdict(props: { of: FilterVerdict['verdict'] }) {
  return (
    <span class="mark-outcome" classList={{ 'mark-outcome--ok': props.of === 'passes', 'mark-outcome--failed': props.of === 'refuses' }}>
      <span aria-hidden="true">{VERDICTS[props.of].mark}</span> {VERDICTS[props.of].words}
    </span>
  )
}

/** Among whom the balancer would choose, and what the chosen one would get. */
function Candidates(props: { told: Explanation }) {
  const app = () => props.told.route?.application ?? ''
  return (
    <section class="panel" aria-labelledby="explain-candidates">
      <div class="panel__head"><h2 id="explain-candidates">Candidates</h2><p class="faint">The better of two taken at random; a lower score is better.</p></div>
      <Show when={props.told.upstream}>
        {(upstream) => (
          <KeyValues facts={[
            { name: 'Would get', value: upstream().request, mono: true },
            { name: 'Passport for', value: upstream().passport_audience.join(', ') || 'nobody', mono: true },
            { name: 'Attempts', value: attempts(upstream()) },
          ]} />
        )}
      </Show>
      <Show when={props.told.zones}>{(zones) => <p>{staying(zones())}</p>}</Show>
      <Table label="Table of candidates" lines rows={props.told.candidates} key={(one) => `${one.instance_id} ${one.address} ${one.worker}`} empty=""
        columns={[
          { name: 'Instance', names: true, cell: (one) => <a class="mono" href={fragmentOf({ kind: 'instance', app: app(), id: one().instance_id })}>{one().instance_id}</a> },
          { name: 'State', cell: (one) => one().state },
          ...(props.told.zones === undefined ? [] : [{ name: 'Zone', cell: (one: () => Candidate) => [one().zone, one().locality].filter(Boolean).join(', ') }]),
          { name: 'Score', number: true, cell: (one) => one().score.toFixed(2) },
          { name: 'In flight', number: true, cell: (one) => one().in_flight },
          { name: 'Worker', number: true, cell: (one) => one().worker ?? 'none has met it' },
        ]} />
    </section>
  )
}
