//! The console's half of the mock: instances with ageing leases, requests that keep coming, stories to read.

import type { AuditEntry, AuditVerdict, Hop, Instance, InstanceDetail, Instances, Span, Story, Traced } from '@bijou/api-client/console.ts'
import { checks, runCheck } from './checks.ts'
import { call, contracts, partners } from './contracts.ts'
import { HOSTILE } from './hostile.ts'
import { sessionOf, sessionsOf } from './sessions.ts'
import { diagnosisOf } from './diagnosis.ts'
import { explain } from './explanation.ts'
import { allFaults, faultLab } from './faults.ts'
import { bodyOf, refuse, send, type Handler } from './http.ts'
import { logs, say } from './logs.ts'
import { metrics } from './metrics.ts'
import { edgesOf, happeningsOf, overviewOf } from './overview.ts'

export const OPERATOR_TOKEN = 'mock-operator-token'

const ROLES = ['gateway', 'identity', 'profiles', 'catalog', 'recommendations', 'playback', 'partners', 'console'] as const
const born = Date.now()
const at = (moment: number) => new Date(moment).toISOString()
const stories: Story[] = []
const readers = new Set<(event: string, data: unknown) => void>()

const instance = (role: string, slot: number): Instance => {
  const age_ms = (Date.now() - born + slot * 700 + role.length * 331) % 3000
  return {
    app: role.toUpperCase(), role, instance_id: `foyer:${role}:${slot}`, addr: `127.0.0.1:${40000 + role.length * 97 + slot}`,
    status: 'UP', version: '0.1.0', zone: slot === 0 ? 'a' : 'b', metadata: {},
    lease: { age_ms, duration_ms: 10000, renewed_every_ms: 3000, expires_in_ms: 10000 - age_ms, registered_at: at(born), renewed_at: at(Date.now() - age_ms) },
    health: role === 'playback' && slot === 1 ? 'not-ready' : 'ready',
    ...(role === 'playback' && slot === 1 && { reasons: ['store: opening'] }),
    last_minute: { requests: 12 * role.length, failed: role === 'playback' ? 1 : 0, p50_ms: 1.4, p99_ms: 9.8 },
  }
}

const instances = (): Instance[] => [
  ...ROLES.map((role) => instance(role, 0)), instance('catalog', 1), instance('playback', 1),
  { app: 'REGISTRY', role: 'registry', instance_id: 'foyer:registry:0', addr: '127.0.0.1:8761', status: 'UP', health: 'ready', metadata: {} } satisfies Instance,
].sort((a, b) => a.app.localeCompare(b.app) || a.instance_id.localeCompare(b.instance_id))

/** What came from outside: a house with some traffic, one failure in the last minute. */
const outside = (): NonNullable<Instances['outside']> => ({
  last_minute: { requests: 840, failed: 1, p50_ms: 6.1, p99_ms: 38 }, per_second: 14,
  looks: Array.from({ length: 30 }, (_, back) => ({ at: at(Date.now() - (29 - back) * 10_000), per_second: 14 + 3 * Math.sin(back) })),
})

type Shape = [method: string, path: string, route: string, calls: [from: string, to: string, name: string][], failing?: boolean]

const SHAPES: Shape[] = [
  ['GET', '/v1/home', '/v1/home', [['gateway', 'recommendations', 'GET /v1/home'], ['recommendations', 'catalog', 'GET /v1/titles']]],
  ['GET', '/v1/titles/bo-lanterns', '/v1/titles/{id}', [['gateway', 'catalog', 'GET /v1/titles/{id}']]],
  ['POST', '/v1/playbacks', '/v1/playbacks', [['gateway', 'playback', 'POST /v1/playbacks'], ['playback', 'catalog', 'GET /v1/titles/{id}']]],
  ['GET', '/s/bo-lanterns/…/v0-3.m4s', '/s/*', [['gateway', 'playback', 'GET /s/{asset}/{token}/{file}']]],
  ['GET', '/s/bo-lanterns/…/a0-3.m4s', '/s/*', [['gateway', 'playback', 'GET /s/{asset}/{token}/{file}']]],
  ['POST', '/oauth/token', '/oauth/token', [['gateway', 'identity', 'POST /oauth/token']]],
  ['GET', '/img/bo-tidal/poster/w480/a1.jpg', '/img/*', [['gateway', 'catalog', 'GET /img/{title_id}/{role}/{spec}/{hash}']]],
  ['GET', '/v1/titles/none', '/v1/titles/{id}', [['gateway', 'catalog', 'GET /v1/titles/{id}']]],
  ['GET', `/v1/${HOSTILE}`, '/v1/*', [['gateway', 'catalog', `GET /v1/${HOSTILE}`]]],
  ['POST', '/v1/playbacks', '/v1/playbacks', [['gateway', 'playback', 'POST /v1/playbacks']], true],
]

function make(shape: Shape): Story {
  const [method, path, route, calls, failing = false] = shape
  const id = crypto.randomUUID().replaceAll('-', '')
  const status = failing ? 503 : path.endsWith('none') ? 404 : method === 'POST' ? 201 : 200
  const outcome = failing ? 'failed' as const : status === 404 ? 'refused' as const : 'ok' as const
  const duration_ms = Math.round((2 + Math.random() * 18) * 10) / 10
  const hops: Hop[] = [{ from: 'client', to: 'gateway', instance_id: 'foyer:gateway:0', name: `${method} ${route}`, start_ms: 0, duration_ms, status, outcome }]
  const spans: Span[] = [{
    span_id: 's0', depth: 0, role: 'gateway', instance_id: 'foyer:gateway:0', name: `${method} ${route}`, kind: 'server',
    start_ms: 0, duration_ms, status, outcome,
    attributes: {
      'http.route': route, 'http.request.method': method, 'url.path': path,
      ...(failing && { 'bijou.problem': JSON.stringify({ status: 503, code: 'no-instance', title: 'No instance of the service is available', application: 'PLAYBACK' }) }),
    },
    events: [
      { name: 'request-id', at_ms: 0.02, attributes: {} }, { name: 'route', at_ms: 0.03, attributes: { route } },
      { name: 'authenticate', at_ms: 0.05, attributes: { subject: 'acc-demo' } }, { name: 'rate-limit', at_ms: 0.09, attributes: { left: 97 } },
      { name: 'discovery pick', at_ms: 0.12, attributes: { 'bijou.candidates': 2 } },
    ],
  }]
  calls.forEach(([from, to, name], at) => {
    const start_ms = 0.3 + at * duration_ms * 0.2
    const length = duration_ms * (0.88 - at * 0.4)
    const retried = failing && at === 0
    hops.push({ from, to, instance_id: `foyer:${to}:0`, name, start_ms, duration_ms: length, outcome, ...(!failing && { status }) })
    spans.push({
      span_id: `c${at}`, parent_span_id: at ? `v${at - 1}` : 's0', depth: 1 + at * 2, role: from, instance_id: `foyer:${from}:0`, name: `attempt 1 of ${to}`, kind: 'client',
      start_ms, duration_ms: length, outcome, ...(!failing && { status }), ...(retried && { message: 'connection refused' }),
      attributes: { 'peer.service': to, 'bijou.upstream.instance_id': `foyer:${to}:0` }, events: [],
    })
    if (!failing) spans.push({
      span_id: `v${at}`, parent_span_id: `c${at}`, depth: 2 + at * 2, role: to, instance_id: `foyer:${to}:0`, name, kind: 'server',
      start_ms: start_ms + 0.2, duration_ms: length - 0.4, status, outcome, attributes: { 'http.route': name.split(' ')[1] }, events: [],
    })
  })
  const [first] = calls
  return {
    id, request_id: crypto.randomUUID(), revision: 1, started_at: new Date().toISOString(), duration_ms, method, path, route, status, outcome,
    entry: 'gateway', hops, logs: 2 + calls.length, spans,
    ...(failing && { message: 'no instance of PLAYBACK answered' }),
    attempts: first ? [{ from: 'gateway', to: first[1], number: 1, instance_id: `foyer:${first[1]}:0`, addr: '127.0.0.1:40123', start_ms: 0.3, duration_ms: duration_ms * 0.88, outcome, ...(failing ? { message: 'connection refused' } : { status }) }] : [],
    choices: first ? [{ by: 'gateway', to: first[1], at_ms: 0.12, chosen: `foyer:${first[1]}:0`, candidates: 2 }] : [],
    log_lines: [
      ...calls.map(([, to, name], at) => ({
        at: new Date().toISOString(), at_ms: 1 + at, role: to, instance_id: `foyer:${to}:0`, level: failing ? 'warn' as const : 'info' as const,
        message: `${name} ${status} in ${Math.round(duration_ms)} ms`, target: `bijou_${to}::answer`, attributes: { 'title.id': 'bo-lanterns' },
      })),
      { at: new Date().toISOString(), at_ms: duration_ms, role: 'gateway', instance_id: 'foyer:gateway:0', level: 'info', message: `${method} ${path} ${status}`, target: 'bijou_gateway::access', attributes: {} },
    ],
  }
}

/** Newest first. The second is what an operator's own hand may have typed: the page must show it and not run it. */
const AUDIT: AuditEntry[] = [
  { seq: 3, at: at(born - 20_000), actor: 'token', action: 'instance.undrain', target: 'CATALOG/foyer:catalog:1', before: { drained: true }, after: { drained: false }, hash: 'c0ffee03' },
  { seq: 2, at: at(born - 45_000), actor: 'token', action: 'instance.drain', target: 'CATALOG/foyer:catalog:1', before: { drained: false }, after: { drained: true }, reason: HOSTILE, hash: 'c0ffee02' },
  { seq: 1, at: at(born - 90_000), actor: 'token', action: 'session.create', target: 'session', hash: 'c0ffee01' },
]

/** As if the page had been opened now. */
const audit = (): AuditEntry[] => AUDIT.map((each) => ({ ...each, at: at(Date.parse(each.at) + Date.now() - born) }))

const VERDICT: AuditVerdict = { entries: AUDIT.length, head: 'c0ffee03c0ffee03c0ffee03', whole: true }

const detailOf = (instance: Instance): InstanceDetail => ({
  instance,
  state: { version: '0.1.0', phase: 'ready', drained: false, supervised: true, log: { level: 'info', configured: 'info', process_wide: true }, limits: { in_flight: 3, in_flight_max: 512, body_bytes_max: 1_048_576, deadline_ms: 10_000 } },
  configuration: [{ path: 'log.level', value: 'info', origin: 'default' }, { path: `${instance.role}.listen`, value: '127.0.0.1:0', origin: 'environment' }],
})

function tracedOf({ spans: _s, attempts: _a, choices: _c, log_lines: _l, ...traced }: Story): Traced {
  return traced
}

const anyShape = (): Shape => SHAPES[Math.floor(Math.random() ** 1.4 * SHAPES.length)] ?? SHAPES[0]!

function happen(shape = anyShape()): void {
  const story = make(shape)
  stories.unshift(story)
  stories.length = Math.min(stories.length, 400)
  for (const tell of readers) tell('request', tracedOf(story))
  for (const line of story.log_lines) say({ ...line, at: story.started_at, trace_id: story.id, request_id: story.request_id! })
}

let ticking = false

function startTicking(): void {
  if (ticking) return
  ticking = true
  for (let at = 0; at < 30; at += 1) happen()
  // One that failed is always among them, and one whose path somebody made up.
  stories.unshift(make(SHAPES.at(-1)!))
  happen(SHAPES.at(-2)!)
  setInterval(() => happen(), 420).unref()
}

export const operator: Handler = async (request, response, url) => {
  if (!url.pathname.startsWith('/api/')) return false
  startTicking()
  const asked = `${request.method} ${url.pathname}`
  if (asked === 'POST /api/session') {
    const { token, email } = JSON.parse(await bodyOf(request)) as { token?: string; email?: string }
    if (email !== undefined) return refuse(response, 401, 'operator-credentials-wrong', 'E-mail address or password is wrong')
    if (token !== OPERATOR_TOKEN) return refuse(response, 401, 'operator-token-wrong', 'That is not the token of this run')
    return send(response, 204, undefined, { 'set-cookie': 'bijou_operator=1; HttpOnly; SameSite=Strict; Path=/' })
  }
  if (!/bijou_operator=1/.test(request.headers.cookie ?? '')) return refuse(response, 401, 'operator-sign-in-required', 'Sign in with the token first')
  if (url.pathname.startsWith('/api/logs')) return logs(request, response, url)
  if (url.pathname.startsWith('/api/metrics')) return metrics(response, url, stories[0]?.id)
  if (await faultLab(request, response, url)) return true
  if (url.pathname.startsWith('/api/contracts')) return contracts(response, url.pathname)
  if (url.pathname.startsWith('/api/partners/')) return partners(request, response, url)
  if (asked === 'POST /api/calls') return call(request, response, stories[0])
  switch (asked) {
    case 'GET /api/session': return send(response, 200, { signed_in: true, who: 'token', expires_at: new Date(Date.now() + 43_200_000).toISOString() })
    case 'DELETE /api/session': return send(response, 204, undefined, { 'set-cookie': 'bijou_operator=; Max-Age=0; Path=/' })
    case 'GET /api/instances':
      return send(response, 200, { now: new Date().toISOString(), registry: { reachable: true, epoch: 'c0ffee', revision: 12, self_preservation: 'off' }, outside: outside(), items: instances() } satisfies Instances)
    case 'GET /api/status':
      return send(response, 200, { traces: { held: stories.length, bytes: stories.length * 4000, bytes_max: 33554432, forgotten: 0 }, readers: readers.size, received: { spans: 10, logs: 20, rejected: 0 } })
    case 'GET /api/live': {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const tell = (event: string, data: unknown) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      tell('hello', { now: new Date().toISOString(), roles: [...ROLES, 'registry'] })
      readers.add(tell)
      request.once('close', () => readers.delete(tell))
      return true
    }
    case 'GET /api/overview': return send(response, 200, overviewOf(url.searchParams))
    case 'GET /api/edges': return send(response, 200, edgesOf())
    case 'GET /api/happenings': return send(response, 200, happeningsOf(Date.now(), audit(), allFaults()))
    case 'POST /api/accounts/find': {
      const { email } = JSON.parse(await bodyOf(request)) as { email: string }
      return email === 'ada@example.org' ? send(response, 200, { account_id: 'acc-ada' }) : refuse(response, 404, 'account-not-found', 'There is no account with this e-mail address')
    }
    case 'GET /api/sessions': return send(response, 200, sessionsOf(url.searchParams))
    case 'GET /api/checks': return send(response, 200, checks())
    case 'POST /api/checks/run': return send(response, 200, runCheck())
    case 'GET /api/audit/verify': return send(response, 200, VERDICT)
    case 'GET /api/audit': {
      const asked = (name: string) => url.searchParams.get(name) ?? ''
      return send(response, 200, { items: audit().filter((each) => each.actor.includes(asked('actor')) && each.action.includes(asked('action')) && each.target.includes(asked('target'))) })
    }
    case 'GET /api/requests': {
      const path = url.searchParams.get('path')
      const role = url.searchParams.get('role')
      const outcome = url.searchParams.get('outcome')
      const limit = Number(url.searchParams.get('limit') ?? 50)
      const status = url.searchParams.get('status')?.replace('xx', '') ?? ''
      const words = (url.searchParams.get('q') ?? '').toLowerCase()
      const slower = Number(url.searchParams.get('slower_than_ms') ?? 0)
      const found = stories.filter((each) => (!path || each.path?.includes(path)) && (!outcome || each.outcome === outcome) && (!role || each.hops.some((hop) => hop.to === role))
        && String(each.status ?? '').startsWith(status) && each.duration_ms >= slower && `${each.id} ${each.request_id} ${each.path} ${each.message}`.toLowerCase().includes(words))
      return send(response, 200, { items: found.slice(0, limit).map(tracedOf) })
    }
  }
  const [, app, instance_id] = /^\/api\/instances\/([^/]+)\/([^/]+)$/.exec(url.pathname)?.map(decodeURIComponent) ?? []
  if (app !== undefined) {
    const found = instances().find((each) => each.app === app && each.instance_id === instance_id)
    return found ? send(response, 200, detailOf(found)) : refuse(response, 404, 'instance-not-found', 'No such instance')
  }
  const sessionId = /^\/api\/sessions\/([^/]+)$/.exec(url.pathname)?.[1]
  if (sessionId !== undefined) {
    const told = sessionOf(decodeURIComponent(sessionId))
    return told ? send(response, 200, told) : refuse(response, 404, 'session-not-found', 'Nothing is kept of this session')
  }
  const examined = /^\/api\/doctor\/titles\/([^/]+)$/.exec(url.pathname)?.[1]
  if (examined !== undefined) return send(response, 200, diagnosisOf(decodeURIComponent(examined), url.searchParams))
  if (url.pathname === '/api/explain') return explain(url.searchParams, response)
  const id = /^\/api\/requests\/([^/]+)$/.exec(url.pathname)?.[1]
  const story = stories.find((each) => each.id === id || each.request_id === id)
  return story ? send(response, 200, story) : refuse(response, 404, 'request-not-found', 'The memory has moved on')
}
