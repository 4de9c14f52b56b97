import { expect, test } from 'vitest'
import { stretch, ticksOf } from './axis.ts'

test('an axis has about five round steps', () => {
  expect(ticksOf(12.3)).toEqual([0, 5, 10])
  expect(ticksOf(10)).toEqual([0, 2, 4, 6, 8, 10])
  expect(ticksOf(0.9)).toEqual([0, 0.2, 0.4, 0.6, 0.8])
  expect(ticksOf(0)).toEqual([0])
})

test('a stretch is never invisible and never leaves the axis', () => {
  expect(stretch(5, 5, 10)).toEqual({ left: 50, width: 50 })
  expect(stretch(2, 0, 10)).toEqual({ left: 20, width: 0.6 })
  expect(stretch(12, 5, 10)).toEqual({ left: 99.4, width: 0.5999999999999943 })
  expect(stretch(0, 1, 0)).toEqual({ left: 0, width: 100 })
})
