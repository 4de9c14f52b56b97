import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reportPlaying } from './reporter.ts'

class FakeVideo extends EventTarget {
  currentTime = 0
  paused = true
  ended = false
  play() {
    this.paused = false
    this.ended = false
    this.dispatchEvent(new Event('playing'))
  }
  pause() {
    this.paused = true
    this.dispatchEvent(new Event('pause'))
  }
  end() {
    this.paused = true
    this.ended = true
    this.dispatchEvent(new Event('pause'))
    this.dispatchEvent(new Event('ended'))
  }
}

function setUp() {
  const video = new FakeVideo()
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState })
  const gone = new AbortController()
  const told: string[] = []
  const speak = reportPlaying(video, (kind, at, state) => told.push(`${kind} ${at} ${state}`), gone.signal, { window, document })
  return { video, window, document, gone, told, speak }
}

const pass = (ms: number) => vi.advanceTimersByTime(ms)

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('it begins once, says every half minute that it is there, and stops', () => {
  const { video, told, gone } = setUp()
  pass(60_000)
  expect(told).toEqual([])
  video.play()
  video.currentTime = 30
  pass(30_000)
  // Data had run out.
  video.play()
  pass(30_000)
  gone.abort()
  pass(120_000)
  expect(told).toEqual(['started 0 playing', 'progress 30 playing', 'progress 30 playing', 'stopped 30 stopped'])
})

test('a pause is told at once, holds the place for ten minutes, and going on asks for it again', () => {
  const { video, told } = setUp()
  video.play()
  video.currentTime = 5
  video.pause()
  expect(told.at(-1)).toBe('progress 5 paused')
  pass(30 * 60_000)
  expect(told.length).toBe(2 + 20)
  video.play()
  expect(told.at(-1)).toBe('progress 5 playing')
  pass(30_000)
  expect(told.length).toBe(2 + 20 + 2)
})

test('the end is told once, and "once more" is no new beginning', () => {
  const { video, told } = setUp()
  video.play()
  video.currentTime = 60
  video.end()
  pass(120_000)
  video.currentTime = 0
  video.play()
  expect(told).toEqual(['started 0 playing', 'stopped 60 stopped', 'progress 0 playing'])
})

test('a page that is hidden or left says where it was', () => {
  const { video, window, document, told } = setUp()
  document.visibilityState = 'hidden'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(told).toEqual([])
  video.play()
  video.currentTime = 7
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(new Event('pagehide'))
  expect(told).toEqual(['started 0 playing', 'progress 7 playing', 'stopped 7 stopped'])
})

test('it speaks out of turn when asked, while it plays', () => {
  const { video, told, speak } = setUp()
  speak()
  video.play()
  speak()
  expect(told).toEqual(['started 0 playing', 'progress 0 playing'])
})
