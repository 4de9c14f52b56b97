//! How the house is doing, at a glance: rate, errors, duration, who calls whom, who is there, and what just came in.

import { InstanceTable } from '../instances/InstanceTable.tsx'
import { LiveMap } from '../map/LiveMap.tsx'
import type { PageProps } from '../pages.ts'
import { Chart } from '../parts/Chart.tsx'
import { fragmentOf } from '../places.ts'
import { RequestTable } from '../requests/RequestTable.tsx'
import { ms } from '../words.ts'
import { createMarks } from './marks.ts'
import { RouteTable } from './RouteTable.tsx'
import './overview.css'

const LATEST = 15

export default function OverviewPage(props: PageProps<'overview'>) {
  const marks = createMarks(props.live)
  const seconds = () => props.live.rates().seconds
  const times = () => seconds().map((second) => second.at_ms)
  return (
    <div class="overview">
      <h1 class="hidden-text">Overview</h1>
      <section class="panel overview__whole" aria-labelledby="minute-name">
        <div class="panel__head"><h2 id="minute-name">The last minute</h2><p class="faint">From outside, since this page was opened. Marked: what operators changed or broke.</p></div>
        <div class="overview__charts">
          <Chart name="Requests" unit="a second" times={times()} marks={marks()} format={String} whole
            series={[
              { name: 'all', shape: 'area', values: seconds().map((second) => (second.unseen ? undefined : second.requests)) },
              { name: 'failed', shape: 'bars', bad: true, values: seconds().map((second) => (second.unseen ? undefined : second.failed)) },
            ]} />
          <Chart name="Duration" unit="slowest hundredth of each second" times={times()} marks={marks()} format={ms} level={(value) => `${value} ms`}
            series={[{ name: 'p99', shape: 'line', values: seconds().map((second) => second.p99_ms) }]} />
        </div>
      </section>
      <LiveMap live={props.live} held={props.held} />
      <InstanceTable live={props.live} />
      <RouteTable routes={props.live.rates().routes} />
      <section class="panel requests" aria-labelledby="requests-name">
        <div class="panel__head"><h2 id="requests-name">Latest requests</h2><p><a class="way" href={fragmentOf({ kind: 'requests' })}>All requests</a></p></div>
        <RequestTable live={props.live} held={props.held} wanted={{}} shown={LATEST} />
      </section>
    </div>
  )
}
