//! When each hop of a finished request is shown. Real hops take milliseconds; shown, each takes long enough to be seen,
//! in the order and with the forks they really had.

import type { Hop } from '@bijou/api-client/console.ts'

export const HOP_SHOWN_MS = 420

export interface Leg { hop: Hop; delay_ms: number }

export function legsOf(hops: readonly Hop[]): Leg[] {
  const arrived = new Map<string, number>([['client', 0]])
  const lastFrom = new Map<string, { start_ms: number; shown_ms: number }>()
  return [...hops].sort((a, b) => a.start_ms - b.start_ms).map((hop) => {
    const ready = arrived.get(hop.from) ?? 0
    const before = lastFrom.get(hop.from)
    // Two calls at the same time leave together; one that waited for the other leaves after it came back.
    const apart = before !== undefined && hop.start_ms - before.start_ms > 1 ? before.shown_ms + HOP_SHOWN_MS * 0.6 : ready
    const delay_ms = Math.max(ready, apart)
    lastFrom.set(hop.from, { start_ms: hop.start_ms, shown_ms: delay_ms })
    if (!arrived.has(hop.to)) arrived.set(hop.to, delay_ms + HOP_SHOWN_MS)
    return { hop, delay_ms }
  })
}
