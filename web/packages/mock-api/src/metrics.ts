//! The mock's metrics: two of them, drawn as waves.

import type { ServerResponse } from 'node:http'
import type { Graph, GraphLine, Metric } from '@bijou/api-client/console.ts'
import { refuse, send } from './http.ts'

const ROLES = ['catalog', 'gateway', 'playback']

const METRICS: Metric[] = [
  { name: 'bijou_console_archive_bytes', kind: 'gauge', unit: 'bytes', help: 'Disk taken by the archive', labels: { role: ['console'], instance: ['foyer:console:0'] } },
  { name: 'bijou_requests_refused', kind: 'counter', unit: '', help: 'Requests refused before their handler ran', labels: { role: ROLES, instance: ROLES.map((role) => `foyer:${role}:0`), reason: ['busy', 'late'] } },
  { name: 'http_server_request_duration_seconds', kind: 'histogram', unit: 'seconds', help: 'Time from the request’s head to the end of its answer', labels: { role: ROLES, instance: ROLES.map((role) => `foyer:${role}:0`), http_route: ['/v1/home', '/v1/titles/{id}'] } },
]

const STEPS = 90
const STEP_S = 40

export function metrics(response: ServerResponse, url: URL, trace: string | undefined): boolean {
  if (url.pathname === '/api/metrics') return send(response, 200, { items: METRICS })
  const asked = url.searchParams
  const metric = METRICS.find((each) => each.name === asked.get('name'))
  if (!metric) return refuse(response, 404, 'metric-not-found', 'There is no metric of this name')
  const only = Object.fromEntries((asked.get('labels') ?? '').split(',').filter(Boolean).map((pair) => pair.split('=')))
  const by = (asked.get('by') ?? '').split(',').filter((name) => name in metric.labels)
  let groups: Record<string, string>[] = [{}]
  for (const name of by) groups = groups.flatMap((group) => (metric.labels[name] ?? []).filter((value) => (only[name] ?? value) === value).map((value) => ({ ...group, [name]: value })))
  const stats = { histogram: ['rate', 'p50', 'p99'], counter: ['rate'], gauge: ['value'] }[metric.kind as 'histogram' | 'counter' | 'gauge']
  const lines: GraphLine[] = groups.flatMap((labels, group) => stats.map((stat, which) => ({
    labels, stat, values: Array.from({ length: STEPS }, (_, at) => (at < 5 ? null : (1 + group + Math.sin(at / 9 + group)) * (stat === 'value' ? 1e6 : which === 0 ? 4 : which * 0.02))),
  })))
  const now = Math.floor(Date.now() / 1000 / STEP_S) * STEP_S
  const graph: Graph = {
    name: metric.name, kind: metric.kind, unit: metric.unit, first_at: new Date((now - (STEPS - 1) * STEP_S) * 1000).toISOString(), step_s: STEP_S, lines, left_out: 0, is_cut: false,
    exemplars: metric.kind === 'histogram' && trace !== undefined ? [{ at: new Date(now * 1000).toISOString(), value: 0.87, trace_id: trace, labels: { role: 'gateway' } }] : [],
  }
  return send(response, 200, graph)
}
