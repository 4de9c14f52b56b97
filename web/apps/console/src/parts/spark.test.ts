import { expect, test } from 'vitest'
import { drawnOf, HEIGHT, REACH_MS, WIDTH } from './spark.ts'

test('spots are where their time is, the newest at the right', () => {
  const spots = [{ at_ms: 0, value: 0 }, { at_ms: REACH_MS / 2, value: 8 }, { at_ms: REACH_MS, value: 4 }]
  const drawn = drawnOf(spots, [])
  expect(drawn.points).toBe(`0.0,${HEIGHT - 2}.0 ${WIDTH / 2}.0,2.0 ${WIDTH}.0,${HEIGHT / 2}.0`)
  expect([drawn.peak, drawn.marks]).toEqual([8, []])
})

test('what was broken on purpose is marked as far as it is within reach', () => {
  const spots = [{ at_ms: 0, value: 1 }, { at_ms: REACH_MS, value: 1 }]
  const span = (from_ms: number, to_ms: number) => ({ from_ms, to_ms })
  expect(drawnOf(spots, [span(REACH_MS / 2, 2 * REACH_MS)]).marks).toEqual([{ x: WIDTH / 2, width: WIDTH / 2 }])
  expect(drawnOf(spots, [span(REACH_MS, REACH_MS)]).marks).toEqual([{ x: WIDTH - 2, width: 2 }])
  expect(drawnOf(spots, [span(-2, -1), span(REACH_MS + 1, REACH_MS + 2)]).marks).toEqual([])
  expect(drawnOf([], [span(0, 1)]).marks).toEqual([])
})
