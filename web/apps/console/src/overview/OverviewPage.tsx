//! How the house is doing, at a glance: rate, errors, duration, how playback goes, what happened meanwhile, who calls whom,
//! who is there, and what just came in. Its graphs are of what every role counts, not of the requests that are sampled.

import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import type { Overview } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { InstanceTable } from '../instances/InstanceTable.tsx'
import { LiveMap } from '../map/LiveMap.tsx'
import { console_, noticing } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { Chart } from '../parts/Chart.tsx'
import { FilterBar } from '../parts/FilterBar.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { upTo } from '../parts/scale.ts'
import { fragmentOf, query } from '../places.ts'
import { RequestTable } from '../requests/RequestTable.tsx'
import { ms, rate } from '../words.ts'
import { marksOf } from './happenings.ts'
import { createHappenings } from './marks.ts'
import { ServedTable } from './ServedTable.tsx'
import { againAfter_ms, REACH_CHOICES, REACH_MS, reachIn, timesOf, valuesOf, whoseIn } from './sums.ts'
import { TimeLine } from './TimeLine.tsx'
import './overview.css'

const LATEST = 15
/** Marks nearer to each other than this share of the graph are one. */
const APART = 1 / 40

export default function OverviewPage(props: PageProps<'overview'>) {
  const [overview, setOverview] = createSignal<Overview>()
  const [problem, setProblem] = createSignal<Problem>()
  const reach_ms = () => REACH_MS[reachIn(query())]
  const happenings = createHappenings(() => Date.now() - reach_ms())
  let again: ReturnType<typeof setTimeout> | undefined
  const look = async () => {
    clearTimeout(again)
    const asked = query()
    const { role, route } = asked
    const answer = noticing(await console_.overview({ since: new Date(Date.now() - reach_ms()).toISOString(), ...(role && { role }), ...(route && { route }) }))
    if (asked !== query()) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setOverview(answer.value)
    clearTimeout(again)
    again = setTimeout(() => void look(), againAfter_ms(overview()))
  }
  createEffect(on(query, () => void look()))
  onCleanup(() => clearTimeout(again))
  const times = createMemo(() => { const seen = overview(); return seen ? timesOf(seen) : [] })
  const marks = createMemo(() => upTo(marksOf(happenings(), reach_ms() * APART), times().at(-1)))
  return (
    <div class="overview">
      <h1 class="hidden-text">Overview</h1>
      <div class="overview__whole"><FilterBar label="How far back" filters={[{ kind: 'choice', name: 'within', label: 'The last', none: '15 minutes', choices: REACH_CHOICES }]} /></div>
      <Show when={problem()}>{(problem) => <div class="overview__whole"><ProblemNote what="The numbers did not come" problem={problem()} again={() => void look()} /></div>}</Show>
      <section class="panel overview__whole" aria-labelledby="traffic-name">
        <div class="panel__head">
          <h2 id="traffic-name">Traffic</h2>
          <p class="faint">{whoseIn(query())}, counted by the roles themselves. <Show when={query()['role']}><a class="way" href={fragmentOf({ kind: 'overview' }, { within: query()['within'] ?? '' })}>Show everything</a></Show></p>
        </div>
        <Show when={overview()} fallback={<p class="quiet">No numbers yet: instances are asked every ten seconds.</p>}>
          {(overview) => (
            <div class="overview__charts">
              <Chart name="Requests" unit="a second" times={times()} marks={marks()} format={rate}
                series={[
                  { name: 'all', shape: 'area', values: valuesOf(overview().traffic.requests) },
                  { name: 'failed', shape: 'bars', bad: true, values: valuesOf(overview().traffic.failed) },
                ]} />
              <Chart name="Duration" unit="half, and the slowest hundredth" times={times()} marks={marks()} format={ms} level={(value) => value < 1000 ? `${value} ms` : `${value / 1000} s`}
                series={[
                  { name: 'p50', shape: 'line', nth: 1, values: valuesOf(overview().traffic.p50_ms) },
                  { name: 'p99', shape: 'line', nth: 0, values: valuesOf(overview().traffic.p99_ms) },
                ]} />
            </div>
          )}
        </Show>
        <Show when={overview()?.is_cut}><p role="status">More points than can be looked at: numbers lack some. Look back less far.</p></Show>
      </section>
      <Show when={overview()}>
        {(overview) => (
          <section class="panel overview__whole" aria-labelledby="pulse-name">
            <div class="panel__head"><h2 id="pulse-name">Playback</h2><p class="faint">What viewers get, as their players tell.</p></div>
            <div class="overview__charts">
              <Chart name="Watched" unit="a minute" times={times()} marks={marks()} format={perMinute}
                series={[
                  { name: 'started', shape: 'area', values: valuesOf(overview().pulse.starts) },
                  { name: 'watched to the end', shape: 'line', nth: 1, values: valuesOf(overview().pulse.completions) },
                ]} />
              <Chart name="Spoiled" unit="a minute" times={times()} marks={marks()} format={perMinute}
                series={[
                  { name: 'failed', shape: 'bars', bad: true, values: valuesOf(overview().pulse.failures) },
                  { name: 'stood still', shape: 'line', nth: 1, values: valuesOf(overview().pulse.rebuffers) },
                ]} />
            </div>
          </section>
        )}
      </Show>
      <TimeLine told={happenings()} />
      <LiveMap live={props.live} held={props.held} />
      <InstanceTable live={props.live} />
      <div class="overview__whole overview__served">
        <ServedTable name="Services" rows={overview()?.services ?? []} empty="No request yet." />
        <ServedTable name="Routes" routes rows={overview()?.routes ?? []} empty="No request yet. Open the viewer: each route appears here with its first call." />
      </div>
      <section class="panel requests" aria-labelledby="requests-name">
        <div class="panel__head"><h2 id="requests-name">Latest requests</h2><p><a class="way" href={fragmentOf({ kind: 'requests' })}>All requests</a></p></div>
        <RequestTable live={props.live} held={props.held} wanted={{}} shown={LATEST} />
      </section>
    </div>
  )
}

/** So many, to the tenth: a minute of a longer step is a part of it. */
const perMinute = (value: number): string => String(Math.round(value * 10) / 10)
