//! What a gateway of the mock would do with a request: two routes, of which one is for those who are signed in.

import type { ServerResponse } from 'node:http'
import type { Explanation, FilterVerdict } from '@bijou/api-client/console.ts'
import { refuse, send } from './http.ts'

const FILTERS = ['normalise-path', 'strip-headers', 'trace', 'route', 'authenticate', 'authorise', 'rate-limit', 'limits', 'passport', 'authorizer', 'faults']

const ROUTES = [
  { prefix: '/v1/home', id: 'recommendations', application: 'RECOMMENDATIONS', isPublic: true },
  { prefix: '/v1/playbacks', id: 'playback', application: 'PLAYBACK', isPublic: false },
]

export function explain(asked: URLSearchParams, response: ServerResponse): true {
  const method = asked.get('method') ?? ''
  const url = asked.get('url') ?? ''
  if (!/^(\/|https?:\/\/)/.test(url)) return refuse(response, 422, 'question-invalid', `\`${url}\` is no path and no address of HTTP`)
  const address = new URL(url, 'http://nowhere')
  const path = address.pathname
  const route = ROUTES.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
  const who = asked.get('as') ?? 'nobody'
  const refusal = route === undefined ? { by: 'route', why: 'no route of this gateway covers this host and path', status: 404, code: 'no-route' }
    : who === 'nobody' && !route.isPublic ? { by: 'authorise', why: 'send an access token as `Authorization: Bearer …`', status: 401, code: 'token-missing' }
    : undefined
  const refusedAt = FILTERS.indexOf(refusal?.by ?? 'nobody')
  const filters = FILTERS.map((filter, at): FilterVerdict => {
    if (refusal !== undefined && at === refusedAt) return { filter, verdict: 'refuses', why: refusal.why }
    if (refusal !== undefined && at > refusedAt) return { filter, verdict: 'not-reached' }
    if (filter === 'faults') return { filter, verdict: 'depends', why: 'delay `f-1` strikes 20 %' }
    return { filter, verdict: 'passes', why: filter === 'authenticate' ? `asked as ${who}` : `nothing speaks against ${path}` }
  })
  const host = address.hostname === 'nowhere' ? '' : address.hostname
  return send(response, 200, {
    method, host, path, filters,
    ...(route && { route: { id: route.id, application: route.application, why: `longest prefix \`${route.prefix}\`, any host, any method` } }),
    others: path.startsWith('/v1/') ? [{ id: 'catalog', why_not: 'no prefix of it covers the path: /v1/titles' }] : [],
    candidates: route === undefined || refusal !== undefined ? [] : [0, 1].map((worker) => (
      { instance_id: `foyer:${route.application.toLowerCase()}:0`, address: '127.0.0.1:41000', worker, state: 'healthy', score: 1 + worker, in_flight: worker, zone: 'foyer', locality: 'same-zone' })),
    ...(route && refusal === undefined && { zones: { own: 'foyer', share: 1, why: 'all instances that can be called are in it' } }),
    ...(route && refusal === undefined && {
      upstream: {
        request: `${method} ${path}${address.search}`, passport_audience: [route.application], deadline_ms: 10_000, attempt_ms: 5_000, attempts_max: 3,
        repeats_sent: method === 'GET',
      },
    }),
    answered_by: refusal === undefined ? 'instance' : 'gateway',
    ...(refusal && { status: refusal.status, code: refusal.code }),
  } satisfies Explanation)
}
