//! The overview's numbers as a chart wants them, and how far back it looks. Pure.

import type { Overview, Served } from '@bijou/api-client/console.ts'
import type { Query } from '../places.ts'

/** How far back, by the words of the address; without one of them a quarter of an hour. */
export const REACH_MS = { '1m': 60_000, '15m': 15 * 60_000, '1h': 3_600_000, '6h': 6 * 3_600_000, '1d': 24 * 3_600_000 } as const
export type Reach = keyof typeof REACH_MS
export const REACH_CHOICES = [['1m', 'a minute'], ['1h', 'an hour'], ['6h', '6 hours'], ['1d', 'a day']] as const

export const reachIn = (query: Query): Reach => {
  const asked = query['within'] ?? ''
  return Object.hasOwn(REACH_MS, asked) ? asked as Reach : '15m'
}

/** Everybody is asked every ten seconds; a graph of hours has nothing new as often. */
export const againAfter_ms = (overview: Overview | undefined): number => Math.max(5, Math.min(overview?.step_s ?? 5, 60)) * 1000

/** The end of each step, in milliseconds. */
export const timesOf = (overview: Overview): number[] => {
  const first = Date.parse(overview.first_at)
  return overview.traffic.requests.map((_, at) => first + at * overview.step_s * 1000)
}

export const valuesOf = (values: readonly (number | null)[]): (number | undefined)[] => values.map((value) => value ?? undefined)

/** `catalog: GET /v1/titles`, or whose requests those are without a choice. */
export const whoseIn = ({ role, route }: Query): string => (role === undefined ? 'Everything from outside' : route === undefined ? role : `${role}: ${route}`)

/** Rows are known by it. */
export const keyOf = ({ role, route = '' }: Served): string => `${role} ${route}`
