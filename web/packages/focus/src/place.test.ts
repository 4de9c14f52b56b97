import { expect, test } from 'vitest'
import { linesOf, next, type Box, type Group, type Place, type Step } from './place.ts'

const WIDTH = 100

const box = (left: number, top: number, width = WIDTH, height = 50): Box => ({ left, top, width, height })

function group(stops: Box[], more: Partial<Group> = {}): Group {
  const left = Math.min(...stops.map((stop) => stop.left))
  const top = Math.min(...stops.map((stop) => stop.top))
  const right = Math.max(...stops.map((stop) => stop.left + stop.width))
  const bottom = Math.max(...stops.map((stop) => stop.top + stop.height))
  const around = stops.length > 0 ? box(left, top, right - left, bottom - top) : box(0, 0, 0, 0)
  return { shape: 'row', box: around, stops, remembered: undefined, enter: 'memory', wrap: false, hold: [], ...more }
}

const row = (top: number, count: number, more: Partial<Group> = {}) =>
  group(Array.from({ length: count }, (_, at) => box(at * 120, top)), { box: box(0, top, 1000), ...more })

function check(groups: Group[], from: [number, number], step: Step, to: [number, number] | undefined, held = false) {
  const expected: Place | undefined = to && { group: to[0], stop: to[1] }
  expect(next(groups, { group: from[0], stop: from[1] }, step, held)).toEqual(expected)
}

test('sideways moves by one and stops at the ends', () => {
  const rows = [row(0, 3)]
  check(rows, [0, 0], 'right', [0, 1])
  check(rows, [0, 2], 'right', undefined)
  check(rows, [0, 0], 'left', undefined)
  check(rows, [0, 1], 'last', [0, 2])
  check(rows, [0, 2], 'last', undefined)
})

test('a row that goes round does so for a fresh press, not for a held key', () => {
  const rows = [row(0, 3, { wrap: true })]
  check(rows, [0, 2], 'right', [0, 0])
  check(rows, [0, 0], 'left', [0, 2])
  check(rows, [0, 2], 'right', undefined, true)
})

test('down takes what looks nearest, skips an empty row, and up comes back to where it was', () => {
  check([row(0, 3), row(100, 0), row(200, 5)], [0, 2], 'down', [2, 2])
  check([row(0, 5, { remembered: 4 }), row(100, 2)], [1, 0], 'up', [0, 4])
  check([row(0, 5, { remembered: 4, enter: 'near' }), row(100, 2)], [1, 0], 'up', [0, 0])
  check([row(0, 5), row(100, 5, { enter: 'first' })], [0, 3], 'down', [1, 0])
  check([row(0, 3)], [0, 0], 'up', undefined)
})

test('a header that stays in view is above everything, wherever the page has been scrolled to', () => {
  check([row(0, 2), row(-300, 3), row(20, 3)], [2, 1], 'up', [1, 1])
  check([row(0, 2), row(-300, 3), row(20, 3)], [1, 0], 'up', [0, 0])
})

test('a column walks up and down, and its neighbours are beside it', () => {
  const menu = group([box(0, 0), box(0, 60), box(0, 120)], { shape: 'column', remembered: 2 })
  const first = group([box(200, 0), box(320, 0)])
  const second = group([box(200, 100), box(320, 100)])
  const page = [menu, first, second]
  check(page, [0, 1], 'down', [0, 2])
  check(page, [0, 0], 'right', [1, 0])
  check(page, [0, 2], 'right', [2, 0])
  check(page, [2, 0], 'left', [0, 2])
  check(page, [2, 1], 'left', [2, 0])
  check(page, [1, 0], 'down', [2, 0])
  check(page, [1, 0], 'up', undefined)
})

test('of several groups side by side the one below is taken', () => {
  const page = [row(0, 6), group([box(0, 100)]), group([box(300, 100)]), group([box(600, 100)])]
  check(page, [0, 5], 'down', [3, 0])
  check(page, [0, 0], 'down', [1, 0])
  check(page, [2, 0], 'right', [3, 0])
  check(page, [2, 0], 'up', [0, 2])
})

test('a grid is walked by its lines', () => {
  const stops = [0, 1, 2, 3, 4, 5, 6].map((at) => box((at % 3) * 120, Math.floor(at / 3) * 60))
  expect(linesOf(stops)).toEqual([[0, 1, 2], [3, 4, 5], [6]])
  const page = [row(-100, 3), group(stops, { shape: 'grid' })]
  check(page, [1, 1], 'down', [1, 4])
  check(page, [1, 5], 'down', [1, 6])
  check(page, [1, 6], 'down', undefined)
  check(page, [1, 5], 'right', undefined)
  check(page, [1, 1], 'up', [0, 1])
  check(page, [0, 2], 'down', [1, 2])
  check([group(stops, { shape: 'grid', wrap: true })], [0, 2], 'right', [0, 3])
})

test('a grid is entered from the side by its near end', () => {
  const stops = [0, 1, 2, 3, 4, 5].map((at) => box((at % 3) * 120, Math.floor(at / 3) * 60))
  const beside = group([box(500, 60)])
  check([group(stops, { shape: 'grid' }), beside], [1, 0], 'left', [0, 5])
  const before = group([box(-300, 60)])
  check([before, group(stops, { shape: 'grid' })], [0, 0], 'right', [1, 3])
})

test('what holds a direction is not left by it', () => {
  check([row(0, 2), row(100, 2, { hold: ['up'] })], [1, 0], 'up', undefined)
})

test('300 random keys over random pages stay on stops, and every stop can be reached', () => {
  const seed = Number(process.env['BIJOU_SEED'] ?? Date.now() % 1e9)
  console.log(`place: seed ${seed}`)
  const random = mulberry(seed)
  const steps: Step[] = ['left', 'right', 'up', 'down', 'first', 'last']
  for (let round = 0; round < 30; round += 1) {
    const page: Group[] = []
    for (let at = 0; at <= random() * 8; at += 1) page.push(row(at * 100, Math.floor(random() * 9), { wrap: random() < 0.3 }))
    page.push(row(page.length * 100, 1))
    let place: Place = { group: page.length - 1, stop: 0 }
    for (let key = 0; key < 300; key += 1) {
      place = next(page, place, steps[Math.floor(random() * steps.length)]!) ?? place
      expect(page[place.group]?.stops[place.stop]).toBeDefined()
    }
    expect(reached(page, place, steps)).toBe(page.reduce((sum, each) => sum + each.stops.length, 0))
  }
})

function reached(page: Group[], from: Place, steps: Step[]): number {
  const known = new Set<string>()
  const open = [from]
  for (let at = open.pop(); at; at = open.pop()) {
    const name = `${at.group} ${at.stop}`
    if (known.has(name)) continue
    known.add(name)
    for (const step of steps) {
      const to = next(page, at, step)
      if (to) open.push(to)
    }
  }
  return known.size
}

function mulberry(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
