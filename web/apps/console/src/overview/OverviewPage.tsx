//! How the house is doing, at a glance: rate, errors, duration, who calls whom, who is there, and what just came in.

import { createSignal, onCleanup, onMount } from 'solid-js'
import type { AuditEntry } from '@bijou/api-client/console.ts'
import { InstanceTable } from '../instances/InstanceTable.tsx'
import { LiveMap } from '../map/LiveMap.tsx'
import { faults, marksOfFaults } from '../faults/faults.ts'
import { console_, noticing } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { Chart } from '../parts/Chart.tsx'
import { fragmentOf } from '../places.ts'
import { RequestTable } from '../requests/RequestTable.tsx'
import { ms } from '../words.ts'
import { marksOf } from './changes.ts'
import { RouteTable } from './RouteTable.tsx'
import './overview.css'

const CHANGES_EVERY_MS = 5000
/** Longer than the graphs: an instance that was taken out before their stretch began may still be out. */
const CHANGES_SINCE_MS = 3_600_000
const LATEST = 15

export default function OverviewPage(props: PageProps<'overview'>) {
  const [changes, setChanges] = createSignal<AuditEntry[]>([])
  const look = async () => {
    const answer = noticing(await console_.audit({ since: new Date(Date.now() - CHANGES_SINCE_MS).toISOString(), limit: 100 }))
    // Graphs without their marks are still graphs: the audit's own page tells that it is away.
    if (answer.ok) setChanges(answer.value.items)
  }
  onMount(() => {
    void look()
    const again = setInterval(() => void look(), CHANGES_EVERY_MS)
    onCleanup(() => clearInterval(again))
  })
  const seconds = () => props.live.rates().seconds
  const times = () => seconds().map((second) => second.at_ms)
  const marks = () => [...marksOf(changes(), props.live.instances(), Date.now()), ...marksOfFaults(faults()?.items ?? [], Date.now())]
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
