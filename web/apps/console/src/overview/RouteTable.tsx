//! Rate, errors, duration of every route that was called in the last minute.

import { Show } from 'solid-js'
import type { Route } from '../traffic.ts'
import { WINDOW_S } from '../traffic.ts'
import { Table } from '../parts/Table.tsx'
import { ms, rate } from '../words.ts'

export function RouteTable(props: { routes: readonly Route[] }) {
  return (
    <section class="panel overview__whole" aria-labelledby="routes-name">
      <div class="panel__head"><h2 id="routes-name">Routes</h2><p class="faint">Last {WINDOW_S} s</p></div>
      <Table label="Table of routes" lines rows={props.routes} key={(route) => route.route}
        empty="No request yet. Open the viewer: each route appears here with its first call."
        columns={[
          { name: 'Route', names: true, class: 'mono', by: (route) => route.route, cell: (route) => route().route },
          { name: 'Rate', number: true, by: (route) => route.per_second, cell: (route) => rate(route().per_second) },
          { name: 'Requests', number: true, by: (route) => route.requests, cell: (route) => route().requests },
          { name: 'Failed', number: true, by: (route) => route.failed, cell: (route) => <Show when={route().failed > 0} fallback={<span class="faint">0</span>}><span class="mark-outcome mark-outcome--failed">✕ {route().failed}</span></Show> },
          { name: 'p50', number: true, by: (route) => route.p50_ms, cell: (route) => ms(route().p50_ms) },
          { name: 'p99', number: true, by: (route) => route.p99_ms, cell: (route) => ms(route().p99_ms) },
        ]} />
    </section>
  )
}
