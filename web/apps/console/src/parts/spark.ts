//! Where a sparkline's line and marks are: by time, the newest spot at the right edge. Pure.

export const [WIDTH, HEIGHT] = [132, 30]
export const REACH_MS = 5 * 60_000
/** What lasts a moment is still to be seen. */
const NARROWEST = 2

export interface Spot { at_ms: number; value: number }
export interface Span { from_ms: number; to_ms: number }
export interface Drawn { points: string; marks: { x: number; width: number }[]; peak: number }

export function drawnOf(spots: readonly Spot[], spans: readonly Span[]): Drawn {
  const end = spots.at(-1)?.at_ms ?? 0
  const x = (at_ms: number) => Math.min(1, Math.max(0, 1 - (end - at_ms) / REACH_MS)) * WIDTH
  const peak = Math.max(0, ...spots.map((spot) => spot.value))
  const y = (value: number) => HEIGHT - 2 - (value / Math.max(1, peak)) * (HEIGHT - 4)
  return {
    peak,
    points: spots.map((spot) => `${x(spot.at_ms).toFixed(1)},${y(spot.value).toFixed(1)}`).join(' '),
    marks: spots.length === 0 ? [] : spans.filter((span) => span.from_ms <= end && span.to_ms >= end - REACH_MS).map((span) => {
      const from = Math.min(x(span.from_ms), WIDTH - NARROWEST)
      return { x: from, width: Math.max(NARROWEST, x(span.to_ms) - from) }
    }),
  }
}
