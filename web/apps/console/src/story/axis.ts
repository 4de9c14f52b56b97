//! The time axis of a waterfall: few round steps, and where a stretch of time lies on it. Pure.

export function ticksOf(duration_ms: number): number[] {
  if (!(duration_ms > 0)) return [0]
  const raw = duration_ms / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= raw) ?? raw
  const count = Math.floor(duration_ms / step + 1e-9)
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)))
}

/** In percent of the axis; never so narrow that it cannot be seen, never beyond the end. */
export function stretch(start_ms: number, length_ms: number, total_ms: number): { left: number; width: number } {
  const total = Math.max(total_ms, 0.001)
  const left = Math.min(99.4, Math.max(0, (start_ms / total) * 100))
  return { left, width: Math.min(100 - left, Math.max(0.6, (length_ms / total) * 100)) }
}
