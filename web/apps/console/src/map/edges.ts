//! What is said of an edge of the map: by what callers count, by what gateways count of those outside, and where neither is there
//! by what was traced, which says so. Pure.

import type { CalledEdge, Instances } from '@bijou/api-client/console.ts'
import type { Edge } from '../traffic.ts'
import { ms, rate } from '../words.ts'

export interface Told {
  from: string; to: string; per_second: number; calls: number; failed: number; p99_ms?: number
  /** Only where the caller counts its calls. */
  retries?: number; breakers_open?: number
  /** Nobody counts it: these are the requests of it that are traced, of which there may be more. */
  isTraced?: true
}

/** Counted ones; beside them those of which only traces tell, such as a check's. The busiest first. */
export function toldOf(counted: readonly CalledEdge[], outside: Instances['outside'], traced: readonly Edge[]): Told[] {
  const entered = outside === undefined || outside.last_minute.requests === 0 ? [] : [enteredOf(outside)]
  const known = new Set([...counted, ...entered].map((edge) => `${edge.from} ${edge.to}`))
  const others = traced.filter((edge) => !known.has(`${edge.from} ${edge.to}`))
  const seen = others.map(({ requests, ...edge }): Told => ({ ...edge, calls: requests, isTraced: true }))
  return [...counted, ...entered, ...seen].sort((a, b) => b.calls - a.calls)
}

function enteredOf({ last_minute, per_second }: NonNullable<Instances['outside']>): Told {
  const { requests, failed, p99_ms } = last_minute
  return { from: 'client', to: 'gateway', per_second, calls: requests, failed, ...(p99_ms !== undefined && { p99_ms }) }
}

export const isBroken = (edge: Told | undefined): boolean => (edge?.breakers_open ?? 0) > 0
export const isRetried = (edge: Told | undefined): boolean => (edge?.retries ?? 0) >= 0.5

/** What stands on the wire itself: nothing while all is well. */
export function markOf(edge: Told | undefined): string {
  if (!edge) return ''
  const breakers = edge.breakers_open ?? 0
  return [breakers > 0 ? `⊘ ${breakers} open` : '', isRetried(edge) ? `↻ ${Math.round(edge.retries ?? 0)}` : ''].filter(Boolean).join('  ')
}

export function saidOf(from: string, to: string, edge: Told | undefined): string {
  if (!edge) return `${from} → ${to}: quiet`
  const parts = [rate(edge.per_second), `${Math.round(edge.failed)} failed`]
  if (edge.p99_ms !== undefined) parts.push(`p99 ${ms(edge.p99_ms)}`)
  if (edge.retries !== undefined) parts.push(`${Math.round(edge.retries)} retries`)
  if (edge.breakers_open !== undefined && edge.breakers_open > 0) parts.push(`${edge.breakers_open} open breakers`)
  if (edge.isTraced) parts.push('of what is traced')
  return `${from} → ${to}: ${parts.join(', ')}`
}
