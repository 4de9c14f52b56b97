import { expect, test } from 'vitest'
import { neighbourOf, type Left, type Seen } from './neighbour.ts'

const seen: Seen = { id: 'b2', stop: 1, group: 'b', groups: ['a', 'b', 'c'] }
const left = (...groups: [string, ...string[]][]): Left[] => groups.map(([key, ...ids]) => ({ key, ids }))

function check(groups: Left[], to: [number, number] | undefined, was: Seen = seen) {
  expect(neighbourOf(was, groups)).toEqual(to && { group: to[0], stop: to[1] })
}

test('the same stop drawn anew wins, wherever it went', () => {
  check(left(['a', 'a1'], ['z', 'x', 'y', 'b2']), [1, 2])
})

test('a card that is gone leaves focus to the one that moved into its place', () => {
  check(left(['a', 'a1'], ['b', 'b1', 'b3']), [1, 1])
  check(left(['a', 'a1'], ['b', 'b1']), [1, 0])
})

test('a row that is gone leaves focus to the next, else to the one before', () => {
  check(left(['a', 'a1', 'a2'], ['c', 'c1', 'c2', 'c3']), [1, 1])
  check(left(['a', 'a1']), [0, 0])
})

test('nothing known is left: anything is better than nothing', () => {
  check(left(['x', 'x1'], ['y', 'y1', 'y2']), [1, 1])
  check(left(['x'], ['y']), undefined)
  check([], undefined)
})
