import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deliveryOf, PositionQueue, type Delivery, type PositionReport } from './positions.ts'

class Shelf {
  items = new Map<string, string>()
  get length() {
    return this.items.size
  }
  key = (at: number) => [...this.items.keys()][at] ?? null
  getItem = (key: string) => this.items.get(key) ?? null
  setItem = (key: string, value: string) => void this.items.set(key, value)
  removeItem = (key: string) => void this.items.delete(key)
}

const film = { id: 's1', title_id: 'film', duration_s: 100 }

/** A queue whose platform answers as `answer` says. */
function setUp(storage = new Shelf()) {
  const world = { profile: 'ada' as string | undefined, answer: 'taken' as Delivery, sent: [] as [string, PositionReport, boolean][] }
  const queue = new PositionQueue({
    profile: () => world.profile,
    send: async (playable, report, keepalive) => {
      world.sent.push([playable, report, keepalive])
      return world.answer
    },
    storage,
  })
  return { queue, world, storage }
}

const positions = (sent: [string, PositionReport, boolean][]) => sent.map(([, report]) => report.position_s)

beforeEach(() => {
  vi.useFakeTimers()
  vi.setSystemTime('2026-11-25T20:00:00Z')
})
afterEach(() => vi.useRealTimers())

test('a report is told at once and forgotten when it is taken', async () => {
  const { queue, world } = setUp()
  queue.report({ ...film, episode_id: 'e1' }, 12.34567, 'paused')
  await queue.flush()
  expect(world.sent).toEqual([['e1', {
    title_id: 'film', episode_id: 'e1', session: 's1', seq: 1, state: 'paused', position_s: 12.346, duration_s: 100, at: '2026-11-25T20:00:00.000Z',
  }, false]])
  expect(queue.waiting).toBe(0)
})

test('while profiles is away the newest word of each playback is kept, and told when it is back', async () => {
  const { queue, world } = setUp()
  world.answer = 'later'
  for (const at of [10, 40, 70]) queue.report(film, at, 'playing')
  queue.report({ ...film, id: 's2', title_id: 'other' }, 5, 'playing')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(queue.waiting).toBe(2)
  world.answer = 'taken'
  world.sent.length = 0
  await vi.advanceTimersByTimeAsync(31_000)
  expect(positions(world.sent)).toEqual([70, 5])
  expect(world.sent.map(([, report]) => report.seq)).toEqual([3, 1])
  expect(queue.waiting).toBe(0)
})

test('a reload loses nothing', async () => {
  const { queue, world, storage } = setUp()
  world.answer = 'later'
  queue.report(film, 30, 'stopped')
  await queue.flush()
  queue.stop()
  const next = setUp(storage)
  expect(next.queue.waiting).toBe(1)
  await next.queue.flush()
  expect(positions(next.world.sent)).toEqual([30])
  expect(storage.items.size).toBe(0)
})

test('a report is never told in another profile’s name', async () => {
  const { queue, world } = setUp()
  world.answer = 'later'
  queue.report(film, 30, 'paused')
  await queue.flush()
  Object.assign(world, { profile: 'kim', answer: 'taken', sent: [] })
  await queue.flush()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(world.sent).toEqual([])
  world.profile = 'ada'
  await queue.flush()
  expect(positions(world.sent)).toEqual([30])
})

test('the account as a whole stops nowhere', () => {
  const { queue, world } = setUp()
  world.profile = undefined
  queue.report(film, 30, 'paused')
  expect([queue.waiting, world.sent.length]).toEqual([0, 0])
})

test('a report that comes while an older one travels is told too', async () => {
  const { queue, world, storage } = setUp()
  let answer: (delivery: Delivery) => void = () => undefined
  const slow = new PositionQueue({ profile: () => 'ada', storage, send: (_, report) => {
    world.sent.push(['', report, false])
    return new Promise((done) => (answer = done))
  } })
  slow.report(film, 10, 'playing')
  slow.report(film, 40, 'playing')
  answer('taken')
  await vi.advanceTimersByTimeAsync(1_100)
  expect(positions(world.sent)).toEqual([10, 40])
  queue.stop()
})

test('the last word leaves with the page', () => {
  const { queue, world } = setUp()
  world.answer = 'later'
  queue.report(film, 10, 'playing')
  queue.report(film, 12, 'stopped')
  expect(world.sent.map(([, report, keepalive]) => [report.position_s, keepalive])).toEqual([[10, false], [12, true]])
})

test('a last word that was not taken is told again while the page is still there', async () => {
  const { queue, world } = setUp()
  world.answer = 'later'
  queue.report(film, 12, 'stopped')
  await vi.advanceTimersByTimeAsync(500)
  world.answer = 'taken'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(positions(world.sent)).toEqual([12, 12])
  expect(queue.waiting).toBe(0)
})

test('what will never be taken is dropped, and so is what nobody can read', async () => {
  const { queue, world, storage } = setUp()
  storage.setItem('bijou.position.ada.broken', '{')
  world.answer = 'refused'
  queue.report(film, 30, 'paused')
  await queue.flush()
  await vi.advanceTimersByTimeAsync(1_100)
  expect(queue.waiting).toBe(0)
})

test('fifty playbacks are kept at most, for thirty days at most', async () => {
  const { queue, world, storage } = setUp()
  world.answer = 'later'
  for (let at = 0; at < 60; at += 1) {
    vi.setSystemTime(Date.parse('2026-11-25T20:00:00Z') + at * 1000)
    queue.report({ ...film, id: `s${at}` }, 30, 'paused')
  }
  expect(queue.waiting).toBe(50)
  expect(storage.getItem('bijou.position.ada.s9')).toBeNull()
  expect(storage.getItem('bijou.position.ada.s59')).not.toBeNull()
  queue.stop()
  vi.setSystemTime('2026-12-26T20:00:00Z')
  expect(setUp(storage).queue.waiting).toBe(0)
})

test('signing out leaves nothing', () => {
  const { queue, world } = setUp()
  world.answer = 'later'
  queue.report(film, 30, 'paused')
  queue.clear()
  expect(queue.waiting).toBe(0)
})

test('no answer, busy, broken and signed out are worth another try, a refusal is not', () => {
  expect([0, 401, 408, 429, 500, 503].map(deliveryOf)).toEqual(Array(6).fill('later'))
  expect([400, 403, 404, 422].map(deliveryOf)).toEqual(Array(4).fill('refused'))
  expect([200, 202, 204].map(deliveryOf)).toEqual(Array(3).fill('taken'))
})
