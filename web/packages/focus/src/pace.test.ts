import { expect, test } from 'vitest'
import { HELD_MS, Hold, Pace } from './pace.ts'

/** Frames and time that pass when a test says so. */
function world() {
  const frames: (() => void)[] = []
  let running: (() => void) | undefined
  return {
    nextFrame: (then: () => void) => void frames.push(then),
    frame: () => frames.splice(0).forEach((each) => each()),
    timer: { start: (ms: number, then: () => void) => (expect(ms).toBe(HELD_MS), (running = then)), stop: () => (running = undefined) },
    long: () => running?.(),
  }
}

function press(pace: Pace, repeat: boolean): number {
  if (!pace.takes(repeat)) return 0
  pace.stepped()
  return 1
}

test('a held key steps once a frame, however often it repeats', () => {
  const { nextFrame, frame } = world()
  const pace = new Pace(nextFrame)
  let steps = press(pace, false)
  for (let key = 0; key < 40; key += 1) steps += press(pace, true)
  expect(steps).toBe(1)
  for (let drawn = 0; drawn < 5; drawn += 1) {
    frame()
    for (let key = 0; key < 40; key += 1) steps += press(pace, true)
  }
  expect(steps).toBe(6)
})

test('fresh presses all count, also several within a frame', () => {
  const pace = new Pace(world().nextFrame)
  expect([false, false, false].map((repeat) => press(pace, repeat))).toEqual([1, 1, 1])
})

function held() {
  const { timer, long } = world()
  const told: string[] = []
  const hold = new Hold<string>(timer, { press: (thing) => told.push(`press ${thing}`), more: (thing) => told.push(`more ${thing}`) })
  return { hold, long, told }
}

test('OK let go in time is a press', () => {
  const { hold, long, told } = held()
  hold.down('card')
  hold.up()
  long()
  expect(told).toEqual(['press card'])
})

test('OK held means more, and letting go then presses nothing', () => {
  const { hold, long, told } = held()
  hold.down('card')
  long()
  hold.up()
  expect(told).toEqual(['more card'])
})

test('what was left before OK came up is not pressed', () => {
  const { hold, long, told } = held()
  hold.down('card')
  hold.forget()
  hold.up()
  long()
  expect(told).toEqual([])
})
