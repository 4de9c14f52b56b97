import { expect, test } from 'vitest'
import { nextPause } from './pace.ts'

test('a television that is told to slow down asks five seconds later from then on', () => {
  expect(nextPause(5, 'waiting')).toBe(5)
  expect(nextPause(5, 'slow_down')).toBe(10)
})

test('a platform that is away is asked less often, but at least twice a minute', () => {
  expect(nextPause(5, 'away')).toBe(10)
  expect(nextPause(28, 'away')).toBe(30)
})

test('nothing is asked once it is decided', () => {
  expect([nextPause(5, 'signed-in'), nextPause(5, 'refused'), nextPause(5, 'expired')]).toEqual([undefined, undefined, undefined])
})
