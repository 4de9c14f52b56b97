//! The fault lab of the mock: faults come, strike something every second, and end.

import type { Fault, NewFault } from '@bijou/api-client/console.ts'
import { bodyOf, send, type Handler } from './http.ts'

const PERCENT_MAX = 50
const DURATION_S_MAX = 900
const ROLES = ['gateway', 'identity', 'profiles', 'catalog', 'recommendations', 'playback', 'partners']

let known: Fault[] = []
let count = 0

function over(fault: Fault, state: 'ended' | 'stopped', at_ms: number): void {
  Object.assign(fault, { state, ends_at: new Date(at_ms).toISOString() })
}

function pass(now: number): void {
  for (const fault of known) {
    if (fault.state !== 'running') continue
    fault.hits = Math.floor((now - Date.parse(fault.started_at)) / 1000)
    if (Date.parse(fault.ends_at) <= now) over(fault, 'ended', now)
  }
}

/** Running ones first. */
export const allFaults = (): Fault[] => [...known.filter((fault) => fault.state === 'running'), ...known.filter((fault) => fault.state !== 'running')]

export const faultLab: Handler = async (request, response, url) => {
  const id = /^\/api\/faults\/([^/]+)$/.exec(url.pathname)?.[1]
  if (url.pathname !== '/api/faults' && id === undefined) return false
  const now = Date.now()
  pass(now)
  const refuse = (status: number, code: string, title: string, detail: string) =>
    send(response, status, { type: `/problems/${code}`, code, title, status, detail })
  if (request.method === 'POST') {
    const { kind, duration_s, reason, ...rest } = JSON.parse(await bodyOf(request)) as NewFault
    if (rest.percent * (rest.accounts_percent ?? 100) / 100 > PERCENT_MAX) return refuse(422, 'fault-too-large', 'That would break too much', `${rest.percent} % of the requests there would be struck; ${PERCENT_MAX} % are allowed`)
    count += 1
    const fault = {
      id: `f-${count}`, state: 'running', kind, started_at: new Date(now).toISOString(), ends_at: new Date(now + duration_s * 1000).toISOString(),
      by: 'token', reason, hits: 0, instances: 8, instances_not_told: 0, ...rest,
    } as Fault
    known = [fault, ...known]
    return send(response, 201, fault)
  }
  if (request.method === 'DELETE') {
    const meant = known.filter((fault) => fault.state === 'running' && (id === undefined || fault.id === id))
    if (id !== undefined && meant.length === 0) return refuse(404, 'fault-not-found', 'No such fault runs', 'It may have ended by itself meanwhile.')
    for (const fault of meant) over(fault, 'stopped', now)
    return send(response, 204)
  }
  return send(response, 200, { items: allFaults(), percent_max: PERCENT_MAX, duration_s_max: DURATION_S_MAX, roles: ROLES })
}
