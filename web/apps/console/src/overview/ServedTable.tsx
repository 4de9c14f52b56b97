//! Rate, errors, duration of every service, or of every route; each leads to its own graphs.

import { Show } from 'solid-js'
import type { Served } from '@bijou/api-client/console.ts'
import { Table, type Column } from '../parts/Table.tsx'
import { fragmentOf, query } from '../places.ts'
import { ms, rate } from '../words.ts'
import { keyOf } from './sums.ts'

/** In words; empty where nothing came. */
const often = (value: number | undefined) => (value === undefined ? '' : ms(value))

export function ServedTable(props: { name: string; rows: readonly Served[]; routes?: boolean; empty: string }) {
  const graphs = (row: Served) => {
    const { within = '' } = query()
    return fragmentOf({ kind: 'overview' }, { within, role: row.role, route: row.route ?? '' })
  }
  const columns = (): Column<Served>[] => [
    { name: props.routes ? 'Route' : 'Service', names: true, class: 'mono', by: (row) => row.route ?? row.role, cell: (row) => <a href={graphs(row())}>{row().route ?? row().role}</a> },
    ...(props.routes ? [{ name: 'Of', class: 'faint', by: (row: Served) => row.role, cell: (row: () => Served) => row().role }] : []),
    { name: 'Rate', number: true, by: (row) => row.per_second, cell: (row) => rate(row().per_second) },
    { name: 'Requests', number: true, by: (row) => row.requests, cell: (row) => Math.round(row().requests) },
    { name: 'Failed', number: true, by: (row) => row.failed, cell: (row) => <Show when={row().failed > 0} fallback={<span class="faint">0</span>}><span class="mark-outcome mark-outcome--failed">✕ {Math.round(row().failed)}</span></Show> },
    { name: 'p50', number: true, by: (row) => row.p50_ms ?? 0, cell: (row) => often(row().p50_ms) },
    { name: 'p99', number: true, by: (row) => row.p99_ms ?? 0, cell: (row) => often(row().p99_ms) },
  ]
  return (
    <section class="panel" aria-label={props.name}>
      <div class="panel__head"><h2>{props.name}</h2></div>
      <Table label={`Table of ${props.name.toLowerCase()}`} lines rows={props.rows} key={keyOf} empty={props.empty} columns={columns()} />
    </section>
  )
}
