import { expect, test } from 'vitest'
import { cut, levelsOf, momentsOf, placesOf, runsOf } from './scale.ts'

test('levels begin at zero, are round, and the highest value fits under the last', () => {
  expect(levelsOf(12.3)).toEqual([0, 5, 10, 15])
  expect(levelsOf(10)).toEqual([0, 2, 4, 6, 8, 10])
  for (const nothing of [0, Number.NaN]) expect(levelsOf(nothing).at(-1)).toBe(1)
})

test('what is counted has no halves', () => {
  expect(levelsOf(1, true)).toEqual([0, 1])
  expect(levelsOf(3, true)).toEqual([0, 1, 2, 3])
  expect(levelsOf(0, true)).toEqual([0, 1])
})

test('moments are round and stay where they are while time goes on', () => {
  expect(momentsOf(3_000, 63_000, 4)).toEqual([15_000, 30_000, 45_000, 60_000])
  expect(momentsOf(4_000, 64_000, 4)).toEqual([15_000, 30_000, 45_000, 60_000])
  expect(momentsOf(5, 5, 4)).toEqual([])
})

test('a second without a value is a gap in the line', () => {
  expect(runsOf([1, 2, undefined, 4])).toEqual([[{ at: 0, value: 1 }, { at: 1, value: 2 }], [{ at: 3, value: 4 }]])
})

test('marks are cut to what is shown, and those outside are left out', () => {
  const marks = [{ name: 'over', from_ms: 0, to_ms: 5 }, { name: 'long', from_ms: 0, to_ms: 50 }, { name: 'moment', from_ms: 15 }, { name: 'later', from_ms: 90 }]
  expect(cut(marks, 10, 20)).toEqual([{ name: 'long', from_ms: 10, to_ms: 20 }, { name: 'moment', from_ms: 15 }])
})

test('words beside marks stand in lines where they do not cover each other, and within the sheet', () => {
  const words = [{ x: 0, width: 50 }, { x: 40, width: 50 }, { x: 45, width: 10 }, { x: 55, width: 10 }, { x: 95, width: 20 }]
  expect(placesOf(words, 0, 100, 2)).toEqual([{ x: 0, line: 0 }, { x: 40, line: 1 }, undefined, { x: 55, line: 0 }, { x: 80, line: 0 }])
  expect(placesOf([{ x: 60, width: 30 }, { x: 0, width: 50 }], 0, 100, 1), 'in any order').toEqual([{ x: 60, line: 0 }, { x: 0, line: 0 }])
})
