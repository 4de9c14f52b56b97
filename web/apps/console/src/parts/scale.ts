//! The arithmetic of a chart: round steps up its side, round moments along its foot, and where a value lies. Pure.

import { ticksOf } from '../story/axis.ts'

/** A stretch of time or, without an end, a moment. */
export interface Mark { name: string; from_ms: number; to_ms?: number }

/** From zero to a round step at or above the highest value; of what is counted there are no halves. */
export function levelsOf(highest: number, whole = false): number[] {
  const ticks = ticksOf(highest > 0 ? highest : 1).filter((tick) => !whole || Number.isInteger(tick))
  if (ticks.length === 1) return [0, Math.ceil(highest) || 1]
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const last = ticks.at(-1) ?? 0
  return last < highest ? [...ticks, Number((last + step).toPrecision(6))] : ticks
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map((seconds) => seconds * 1000)

/** Round moments within a stretch, at most `count`; they travel with the data instead of jumping under it. */
export function momentsOf(from_ms: number, to_ms: number, count: number): number[] {
  const step = STEPS_MS.find((each) => (to_ms - from_ms) / each <= count) ?? to_ms - from_ms
  if (!(step > 0)) return []
  const first = Math.ceil(from_ms / step) * step
  return Array.from({ length: Math.floor((to_ms - first) / step) + 1 }, (_, at) => first + at * step)
}

/** Stretches without a value are gaps, not zeros. */
export function runsOf(values: readonly (number | undefined)[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = []
  values.forEach((value, at) => {
    if (value === undefined) return
    const last = runs.at(-1)
    if (last?.at(-1)?.at === at - 1) last?.push({ at, value })
    else runs.push([{ at, value }])
  })
  return runs
}

/** Marks that touch the stretch shown, cut to it. */
export function cut(marks: readonly Mark[], from_ms: number, to_ms: number): Mark[] {
  return marks
    .filter((mark) => mark.from_ms <= to_ms && (mark.to_ms ?? mark.from_ms) >= from_ms)
    .map((mark) => ({ ...mark, from_ms: Math.max(mark.from_ms, from_ms), ...(mark.to_ms !== undefined && { to_ms: Math.min(mark.to_ms, to_ms) }) }))
}

/** What began after the last step that is drawn is at its end already: whoever breaks something looks here at once. */
export const upTo = (marks: readonly Mark[], end_ms = 0): Mark[] => marks.map((mark) => (mark.from_ms > end_ms ? { ...mark, from_ms: end_ms } : mark))

/**
 * Words beside marks, in so many lines above each other: in which one each has room, and where it begins to stay within the
 * sheet. The first ones choose first; where no line has room what is marked is read out, and is in the time line.
 */
export function placesOf(words: readonly { x: number; width: number }[], from: number, to: number, lines: number): ({ x: number; line: number } | undefined)[] {
  const taken = Array.from({ length: lines }, (): [from: number, to: number][] => [])
  return words.map(({ x, width }) => {
    const begins = Math.max(from, Math.min(x, to - width))
    const line = taken.findIndex((each) => each.every(([first, last]) => begins + width <= first || begins >= last))
    if (line < 0) return undefined
    taken[line]?.push([begins, begins + width])
    return { x: begins, line }
  })
}
