//! What is said of an edge of the map: by what callers count, and until there is any of that, by what was traced. Pure.

import type { CalledEdge } from '@bijou/api-client/console.ts'
import type { Edge } from '../traffic.ts'
import { ms, rate } from '../words.ts'

export interface Told {
  from: string; to: string; per_second: number; calls: number; failed: number; p99_ms?: number
  /** Only where the caller counts its calls. */
  retries?: number; breakers_open?: number
}

/** Counted ones; beside them those of which only traces tell, such as what comes from outside. The busiest first. */
export function toldOf(counted: readonly CalledEdge[], traced: readonly Edge[]): Told[] {
  const known = new Set(counted.map((edge) => `${edge.from} ${edge.to}`))
  const others = traced.filter((edge) => !known.has(`${edge.from} ${edge.to}`))
  return [...counted, ...others.map(({ requests, ...edge }) => ({ ...edge, calls: requests }))].sort((a, b) => b.calls - a.calls)
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
  return `${from} → ${to}: ${parts.join(', ')}`
}
