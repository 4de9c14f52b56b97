//! What a list of requests is narrowed to, as the address says it and as the console is asked. Pure.

import type { Outcome, RequestFilter, Traced } from '@bijou/api-client/console.ts'
import type { Query } from '../places.ts'

/** `from` and `to` are an edge of the map: who called whom on the way. */
export interface Wanted { outcome?: Outcome; path?: string; from?: string; to?: string }

const OUTCOMES: readonly string[] = ['ok', 'refused', 'failed'] satisfies Outcome[]

export function wantedIn(query: Query): Wanted {
  const { outcome = '' } = query
  const [path, from, to] = ['path', 'from', 'to'].map((name) => query[name]?.trim())
  return { ...(OUTCOMES.includes(outcome) && { outcome: outcome as Outcome }), ...(path && { path }), ...(from && { from }), ...(to && { to }) }
}

export const isNarrow = (wanted: Wanted): boolean => Object.keys(wanted).length > 0

export function fits(traced: Traced, wanted: Wanted): boolean {
  if (wanted.outcome !== undefined && traced.outcome !== wanted.outcome) return false
  if (wanted.path !== undefined && !(traced.path ?? '').includes(wanted.path)) return false
  if (wanted.from === undefined && wanted.to === undefined) return true
  return traced.hops.some((hop) => (wanted.from ?? hop.from) === hop.from && (wanted.to ?? hop.to) === hop.to)
}

/** The console filters by one role that was reached; of an edge that is its end, and the rest is looked through here. */
export function askedOf({ outcome, path, to }: Wanted): RequestFilter {
  return { ...(outcome && { outcome }), ...(path && { path }), ...(to && { role: to }) }
}
