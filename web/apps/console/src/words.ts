//! Numbers with their units, times with their milliseconds, outcomes with a mark that needs no colour.

import type { Instance, Outcome } from '@bijou/api-client/console.ts'

export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`
  return value >= 100 ? `${value.toFixed(0)} ms` : value >= 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(2)} ms`
}

export function rate(perSecond: number): string {
  // Once in a minute is little, and not nothing.
  if (perSecond > 0 && perSecond < 0.05) return '<0.1/s'
  return `${perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s`
}

export function time(at: string): string {
  const moment = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}.${String(moment.getMilliseconds()).padStart(3, '0')}`
}

/** For what may be days old. */
export function dayAndTime(at: string): string {
  const moment = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`
}

export const MARKS: Record<Outcome, string> = { ok: '●', refused: '▲', failed: '✕' }

const HEALTH: Record<string, string> = { ready: 'ready', 'not-ready': 'not ready', unreachable: 'unreachable', unknown: 'not asked yet' }

/** Five bulbs: all while the lease is fresh and it is ready, fewer as it waits, ages or stops answering. */
export function bulbsOf(instance: Instance): { lit: number; words: string } {
  const words = HEALTH[instance.health] ?? instance.health
  if (instance.status !== 'UP') return { lit: 1, words: `${instance.status.toLowerCase().replaceAll('_', ' ')}, ${words}` }
  if (instance.health === 'unreachable') return { lit: 0, words }
  if (instance.health === 'not-ready') return { lit: 2, words }
  const { lease } = instance
  const used = lease ? lease.age_ms / lease.duration_ms : 0
  const fresh = used < 0.5 ? 5 : used < 0.75 ? 4 : used < 1 ? 3 : 1
  return { lit: instance.health === 'ready' ? fresh : Math.min(fresh, 3), words: used >= 1 ? `${words}, lease over` : words }
}
