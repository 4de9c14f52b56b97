//! What a list of requests is narrowed to, as the address says it and as the console is asked. Pure.

import type { Outcome, RequestFilter, Traced } from '@bijou/api-client/console.ts'
import type { Query } from '../places.ts'

/** `from` and `to` are an edge of the map: who called whom on the way. `status` is one, or a class such as `5xx`. */
export interface Wanted {
  outcome?: Outcome; path?: string; from?: string; to?: string
  q?: string; route?: string; account?: string; status?: string; slower_than_ms?: number; within?: Within
}

/** How far back, by the words of the address. */
export const WITHIN = { '15m': 15 * 60_000, '1h': 3_600_000, '6h': 6 * 3_600_000, '1d': 24 * 3_600_000 } as const
export type Within = keyof typeof WITHIN
export const WITHIN_CHOICES = [['15m', '15 minutes'], ['1h', 'an hour'], ['6h', '6 hours'], ['1d', 'a day']] as const

export const withinIn = (query: Query): Within | undefined => (query['within'] !== undefined && Object.hasOwn(WITHIN, query['within']) ? query['within'] as Within : undefined)
/** The moment a span of time began that ends now. */
export const sinceOf = (within: Within | undefined, now = Date.now()): string | undefined => within && new Date(now - WITHIN[within]).toISOString()

const OUTCOMES: readonly string[] = ['ok', 'refused', 'failed'] satisfies Outcome[]
const WORDS = ['path', 'from', 'to', 'q', 'route', 'account'] as const

export function wantedIn(query: Query): Wanted {
  const wanted: Wanted = {}
  for (const name of WORDS) {
    const word = query[name]?.trim()
    if (word) wanted[name] = word
  }
  const { outcome = '', status = '', slower = '' } = query
  if (OUTCOMES.includes(outcome)) wanted.outcome = outcome as Outcome
  // Half typed, it narrows nothing yet.
  if (/^\d(\d\d|xx)$/.test(status.trim())) wanted.status = status.trim()
  if (Number(slower) > 0) wanted.slower_than_ms = Number(slower)
  const within = withinIn(query)
  if (within) wanted.within = within
  return wanted
}

export const isNarrow = (wanted: Wanted): boolean => Object.keys(wanted).length > 0

export function fits(traced: Traced, wanted: Wanted, now = Date.now()): boolean {
  const { outcome, path, route, account, status, slower_than_ms, q, within, from, to } = wanted
  if (outcome !== undefined && traced.outcome !== outcome) return false
  if (path !== undefined && !(traced.path ?? '').includes(path)) return false
  if (route !== undefined && !(traced.route ?? '').includes(route)) return false
  if (account !== undefined && traced.account !== account) return false
  if (status !== undefined && !String(traced.status ?? '').startsWith(status.replace('xx', ''))) return false
  if (slower_than_ms !== undefined && traced.duration_ms < slower_than_ms) return false
  if (within !== undefined && Date.parse(traced.started_at) < now - WITHIN[within]) return false
  if (q !== undefined && !saysAll(traced, q)) return false
  if (from === undefined && to === undefined) return true
  return traced.hops.some((hop) => (from ?? hop.from) === hop.from && (to ?? hop.to) === hop.to)
}

/** As the console looks for words: all of them, anywhere in what names the request. */
function saysAll(traced: Traced, words: string): boolean {
  const { id, request_id, method, path, route, message, account } = traced
  const said = [id, request_id, method, path, route, message, account].join(' ').toLowerCase()
  return words.toLowerCase().split(/\s+/).every((word) => said.includes(word))
}

/** The console filters by one role that was reached; of an edge that is its end, and the rest is looked through here. */
export function askedOf({ from: _, to, within, ...wanted }: Wanted): RequestFilter {
  const since = sinceOf(within)
  return { ...wanted, ...(to && { role: to }), ...(since && { since }) }
}
