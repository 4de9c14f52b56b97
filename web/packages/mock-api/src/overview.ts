//! The mock's overview: waves, as of a house that is busy in the evening, and what happened meanwhile.

import type { AuditEntry, CalledEdge, Fault, Happening, Overview, Served } from '@bijou/api-client/console.ts'

const ROUTES: [role: string, route: string, per_second: number, failing?: number][] = [
  ['gateway', 'home', 4.2], ['gateway', 'catalog', 9.1], ['gateway', 'playback', 14, 0.02], ['catalog', 'GET /v1/titles/{id}', 8.4], ['catalog', 'GET /img/{title_id}/{role}/{spec}/{hash}', 5.2],
  ['recommendations', 'GET /v1/home', 4.2], ['playback', 'GET /s/{asset}/{token}/{file}', 13.2], ['playback', 'POST /v1/playbacks', 0.6, 0.04], ['identity', 'POST /oauth/token', 0.4],
]

export function overviewOf(asked: URLSearchParams): Overview {
  const until_ms = Date.now()
  const since_ms = Date.parse(asked.get('since') ?? '') || until_ms - 900_000
  const step_s = Math.max(1, Math.floor((until_ms - since_ms) / 1_000_000)) * 10
  const count = Math.max(1, Math.floor((until_ms - since_ms) / 1000 / step_s))
  const first_ms = (Math.floor(until_ms / 1000 / step_s) - count + 1) * step_s * 1000
  const [role, route] = [asked.get('role') ?? 'gateway', asked.get('route')]
  const mine = ROUTES.filter((each) => each[0] === role && (route === null || each[1] === route))
  const [all, failing] = [mine.reduce((sum, each) => sum + each[2], 0), mine.reduce((sum, each) => sum + each[2] * (each[3] ?? 0), 0)]
  const wave = (height: number, phase: number) => Array.from({ length: count }, (_, at) => Math.round((1 + 0.4 * Math.sin(at / 9 + phase)) * height * 100) / 100)
  const served = (rows: typeof ROUTES, named: boolean): Served => {
    const per_second = rows.reduce((sum, each) => sum + each[2], 0)
    const seconds = count * step_s
    return {
      role: rows[0]?.[0] ?? '', ...(named && { route: rows[0]?.[1] ?? '' }), per_second, requests: per_second * seconds,
      failed: rows.reduce((sum, each) => sum + each[2] * (each[3] ?? 0) * seconds, 0), p50_ms: 2.1, p99_ms: 18.4,
    }
  }
  const services = [...new Set(ROUTES.map((each) => each[0]))].map((name) => served(ROUTES.filter((each) => each[0] === name), false))
  return {
    first_at: new Date(first_ms).toISOString(), step_s, is_cut: false,
    traffic: { requests: wave(all, 0), failed: wave(failing, 1), p50_ms: wave(4, 2), p99_ms: wave(24, 3) },
    pulse: { starts: wave(6, 0), completions: wave(3, 1), failures: wave(0.2, 2), rebuffers: wave(0.6, 3) },
    services: services.sort((a, b) => b.requests - a.requests), routes: ROUTES.map((each) => served([each], true)).sort((a, b) => b.requests - a.requests),
  }
}

/** One edge with something the matter: playback is called again, and one instance of it gets nothing. */
export function edgesOf(): { items: CalledEdge[] } {
  const edge = (from: string, to: string, per_second: number, change: Partial<CalledEdge> = {}): CalledEdge =>
    ({ from, to, per_second, calls: per_second * 60, failed: 0, retries: 0, p50_ms: 2, p99_ms: 14, breakers_open: 0, ...change })
  return { items: [
    edge('gateway', 'playback', 14, { failed: 17, retries: 9, breakers_open: 1 }), edge('gateway', 'catalog', 9.1), edge('gateway', 'recommendations', 4.2),
    edge('recommendations', 'catalog', 4.1), edge('gateway', 'identity', 0.4), edge('playback', 'catalog', 0.6),
  ] }
}

/** Newest first; a drain lasts until it is taken back. */
export function happeningsOf(born_ms: number, audit: AuditEntry[], faults: Fault[]): { items: Happening[] } {
  const at = (before_s: number) => new Date(born_ms - before_s * 1000).toISOString()
  const started = ['catalog', 'playback', 'identity'].map((role): Happening => ({ at: at(300), kind: 'start', words: `${role} 0.1.0 started`, role, instance_id: `foyer:${role}:0` }))
  const drained = audit.filter((each) => each.action === 'instance.drain').map((each): Happening => {
    const back = audit.find((other) => other.action === 'instance.undrain' && other.target === each.target)
    return { at: each.at, ...(back && { until: back.at }), kind: 'change', words: 'catalog drain', by: each.actor, ...(each.reason && { reason: each.reason }) }
  })
  const broken = faults.map((fault): Happening => ({
    at: fault.started_at, until: fault.ends_at, kind: 'fault', by: fault.by, reason: fault.reason,
    words: `fault: ${fault.kind === 'delay' ? `delay ${fault.delay_ms} ms` : `answer ${fault.status}`}, ${fault.from ?? 'everybody'} → ${fault.to}`,
  }))
  const items: Happening[] = [
    ...started, ...drained, ...broken,
    { at: at(200), kind: 'deploy', words: 'recommendations 0.1.0 → 0.1.1 deployed', role: 'recommendations', instance_id: 'foyer:recommendations:0' },
    { at: at(150), kind: 'config', words: 'gateway took a new configuration', role: 'gateway', instance_id: 'foyer:gateway:0' },
  ]
  return { items: items.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)) }
}
