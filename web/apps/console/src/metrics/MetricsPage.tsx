//! Graphs of any metric of any instance, by any of its labels; what stands out leads to a request.

import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import type { Graph, Metric } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { marksOf } from '../overview/happenings.ts'
import { createHappenings } from '../overview/marks.ts'
import type { PageProps } from '../pages.ts'
import { Chart } from '../parts/Chart.tsx'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { upTo } from '../parts/scale.ts'
import { Table } from '../parts/Table.tsx'
import { fragmentOf, query } from '../places.ts'
import { sinceOf, WITHIN_CHOICES, withinIn } from '../requests/wanted.ts'
import { dayAndTime } from '../words.ts'
import { dotsOf, sheetsOf, timesOf } from './graphs.ts'

/** What is drawn for somebody who has not chosen: what everybody asks first. */
const FIRST = 'http_server_request_duration_seconds'
const AGAIN_MS = 10_000
const HOUR_MS = 3_600_000

/** Marks nearer to each other than this share of the graph are one. */
const APART = 1 / 40

export default function MetricsPage(_: PageProps<'metrics'>) {
  const [metrics, setMetrics] = createSignal<Metric[]>([])
  const [graph, setGraph] = createSignal<Graph>()
  const [problem, setProblem] = createSignal<Problem>()
  const times = createMemo(() => { const drawn = graph(); return drawn ? timesOf(drawn) : [] })
  const happenings = createHappenings(() => times()[0] ?? Date.now() - HOUR_MS)
  const marks = createMemo(() => upTo(marksOf(happenings(), ((times().at(-1) ?? 0) - (times()[0] ?? 0)) * APART), times().at(-1)))
  const chosen = createMemo(() => metrics().find((metric) => metric.name === (query()['name'] ?? FIRST)) ?? metrics()[0])
  const filters = createMemo((): Filter[] => [
    { kind: 'choice', name: 'name', label: 'Metric', none: 'requests served', choices: metrics().map(({ name }) => [name, name] as const) },
    { kind: 'choice', name: 'by', label: 'A line for each', none: 'nothing: one line', choices: Object.keys(chosen()?.labels ?? {}).map((label) => [label, label] as const) },
    { kind: 'text', name: 'labels', label: 'Only (role=catalog)' },
    { kind: 'choice', name: 'within', label: 'Within', none: 'an hour', choices: WITHIN_CHOICES },
  ])
  const list = async () => {
    const answer = noticing(await console_.metrics())
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setMetrics(answer.value.items)
  }
  const draw = async () => {
    const name = chosen()?.name
    if (name === undefined) return
    const asked = query()
    const { by = '', labels = '' } = asked
    // Half typed, it narrows nothing yet.
    const only = labels.split(',').map((pair) => pair.trim()).filter((pair) => /^[^=]+=.+$/.test(pair)).join(',')
    const since = sinceOf(withinIn(asked))
    const answer = noticing(await console_.metric({ name, by, labels: only, ...(since && { since }) }))
    if (asked !== query() || name !== chosen()?.name) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setGraph(answer.value)
  }
  onMount(() => {
    void list()
    const again = setInterval(() => void draw(), AGAIN_MS)
    onCleanup(() => clearInterval(again))
  })
  createEffect(on([() => chosen()?.name, query], () => void draw()))
  return (
    <div class="page">
      <h1>Metrics</h1>
      <FilterBar filters={filters()} label="Choose a metric" />
      <Show when={problem()}>{(problem) => <ProblemNote what="The metric did not come" problem={problem()} again={() => void list().then(draw)} />}</Show>
      <Show when={graph()} fallback={<p class="quiet">{metrics().length === 0 ? 'No numbers yet: instances are asked every ten seconds.' : ''}</p>}>
        {(graph) => (
          <section class="panel metrics" aria-labelledby="metric-name">
            <div class="panel__head"><h2 id="metric-name">{graph().name}</h2><p class="faint">{chosen()?.help}</p></div>
            <For each={sheetsOf(graph())} fallback={<p class="quiet">No series has these labels.</p>}>
              {(sheet) => (
                <>
                  <Chart name={sheet.name} unit={sheet.unit} times={times()} marks={marks()} dots={sheet.name === 'Quantiles' ? dotsOf(graph(), sheet.format) : []} format={sheet.format} series={sheet.lines.map((line, nth) => ({ ...line, shape: 'line', nth }))} />
                  <Show when={sheet.leftOut > 0}><p class="faint">{sheet.leftOut} weaker lines are not drawn: narrow it by labels.</p></Show>
                </>
              )}
            </For>
            <Show when={graph().is_cut}><p role="status">More points than can be looked at: some are missing. Narrow it by labels or time.</p></Show>
          </section>
        )}
      </Show>
      <Show when={(graph()?.exemplars.length ?? 0) > 0}>
        <section class="panel exemplars" aria-labelledby="exemplars-name">
          <div class="panel__head"><h2 id="exemplars-name">Examples</h2><p class="faint">the largest values that say which request they were; dots on the graph above</p></div>
          <Table label="Table of examples" rows={graph()?.exemplars ?? []} key={(each) => `${each.trace_id} ${each.at}`} empty="None."
            columns={[
              { name: 'Time', class: 'mono faint', cell: (each) => dayAndTime(each().at) },
              { name: 'Value', number: true, by: (each) => each.value, cell: (each) => String(each().value) },
              { name: 'Of', class: 'faint', cell: (each) => Object.entries(each().labels).map(([name, value]) => `${name}=${value}`).join(' ') },
              { name: 'Request', names: true, cell: (each) => <a class="mono" href={fragmentOf({ kind: 'story', id: each().trace_id })}>{each().trace_id.slice(0, 8)}</a> },
            ]} />
        </section>
      </Show>
    </div>
  )
}
