import { expect, test } from 'vitest'
import { move, type Place, type Step } from './move.ts'

const rows = [[50], [100, 300, 500], [], [100, 250, 400, 550]]

function check(from: [number, number], step: Step, to: [number, number] | undefined) {
  const place: Place | undefined = to && { row: to[0], stop: to[1] }
  expect(move(rows, { row: from[0], stop: from[1] }, step)).toEqual(place)
}

test('sideways moves by one and stops at the ends', () => {
  check([1, 0], 'right', [1, 1])
  check([1, 2], 'right', undefined)
  check([1, 1], 'left', [1, 0])
  check([1, 0], 'left', undefined)
})

test('down takes the stop that looks nearest and skips an empty row', () => {
  check([0, 0], 'down', [1, 0])
  check([1, 1], 'down', [3, 1])
  check([1, 2], 'down', [3, 3])
})

test('up comes back and never leaves the page', () => {
  check([3, 3], 'up', [1, 2])
  check([1, 2], 'up', [0, 0])
  check([0, 0], 'up', undefined)
})

test('home and end go to the ends of the row', () => {
  check([3, 1], 'first', [3, 0])
  check([3, 1], 'last', [3, 3])
  check([3, 0], 'first', undefined)
})

test('any walk of keys stays on a stop that exists', () => {
  const steps: Step[] = ['left', 'right', 'up', 'down', 'first', 'last']
  let at: Place = { row: 0, stop: 0 }
  let seed = 7
  for (let key = 0; key < 2000; key += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    at = move(rows, at, steps[(seed >> 8) % steps.length] ?? 'left') ?? at
    expect(rows[at.row]?.[at.stop]).toBeDefined()
  }
})
