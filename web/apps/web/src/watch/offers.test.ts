import { expect, test } from 'vitest'
import { offerAt, type Offer } from './offers.ts'

const marks = { intro: { start_s: 10, end_s: 40 }, credits: { start_s: 500 } }

function check(position_s: number, expected: Offer['kind'], hasNext = true, known: typeof marks | null = marks) {
  expect(offerAt(position_s, 600, known ?? undefined, hasNext).kind, `at ${position_s}`).toBe(expected)
}

test('the opening may be skipped while it is worth it', () => {
  check(9.9, 'none')
  check(10, 'skip-intro')
  check(37.9, 'skip-intro')
  check(38, 'none')
  expect(offerAt(12, 600, marks, false)).toEqual({ kind: 'skip-intro', to_s: 40 })
})

test('the next episode is offered when the credits begin, and only if there is one', () => {
  check(499, 'none')
  check(500, 'next')
  check(500, 'none', false)
  check(600, 'none')
})

test('without marks the last seconds are the end', () => {
  check(12, 'none', true, null)
  check(593, 'none', true, null)
  check(594, 'next', true, null)
})

test('a film without a length offers nothing', () => {
  expect(offerAt(0, 0, undefined, true)).toEqual({ kind: 'none' })
})
