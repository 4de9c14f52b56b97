import { expect, test } from 'vitest'
import { indexAfter, rangeOf } from './windowed.ts'

const view = { offset_px: 0, view_px: 1000, pitch_px: 200, count: 500, spare: 3 }

test('what is in view is drawn, with some to spare on both sides', () => {
  expect(rangeOf(view)).toEqual({ from: 0, to: 8 })
  expect(rangeOf({ ...view, offset_px: 20_000 })).toEqual({ from: 97, to: 108 })
  expect(rangeOf({ ...view, offset_px: 99_000 })).toEqual({ from: 492, to: 500 })
})

test('the one that has focus is never left out', () => {
  expect(rangeOf({ ...view, offset_px: 20_000 }, 90)).toEqual({ from: 90, to: 108 })
  expect(rangeOf({ ...view, offset_px: 20_000 }, 120)).toEqual({ from: 97, to: 121 })
  expect(rangeOf(view, 900)).toEqual({ from: 0, to: 8 })
})

test('a list that is short, empty or not laid out yet', () => {
  expect(rangeOf({ ...view, count: 2 })).toEqual({ from: 0, to: 2 })
  expect(rangeOf({ ...view, count: 0 })).toEqual({ from: 0, to: 0 })
  expect(rangeOf({ ...view, pitch_px: 0 })).toEqual({ from: 0, to: 7 })
})

test('the next item is known before it is drawn', () => {
  expect(indexAfter(7, 500, 'row', 'right')).toBe(8)
  expect(indexAfter(499, 500, 'row', 'right')).toBeUndefined()
  expect(indexAfter(7, 500, 'row', 'down')).toBeUndefined()
  expect(indexAfter(7, 500, 'column', 'up')).toBe(6)
  expect(indexAfter(7, 500, 'row', 'last')).toBe(499)
})
