import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Quality, type Measured } from './quality.ts'

class FakeVideo extends EventTarget {
  currentTime = 0
  paused = false
  seeking = false
  readyState = 4
  buffered = { length: 1, start: () => 0, end: () => 12 }
  say(event: string) {
    this.dispatchEvent(new Event(event))
  }
}

function setUp() {
  const video = new FakeVideo()
  const gone = new AbortController()
  const tell = vi.fn()
  const quality = new Quality(video, tell, gone.signal, () => Date.now())
  const kinds = () => quality.take().map(({ kind, duration_ms }) => (duration_ms === undefined ? kind : `${kind} ${duration_ms}`))
  return { video, gone, tell, quality, kinds }
}

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

test('the first picture is told once, with how long it took', () => {
  const { video, kinds } = setUp()
  vi.advanceTimersByTime(800)
  video.say('playing')
  video.say('playing')
  expect(kinds()).toEqual(['startup 800'])
})

test('a picture that stands still is a stall; a short stop, a jump and the wait before the first picture are none', () => {
  const { video, kinds } = setUp()
  video.say('waiting')
  vi.advanceTimersByTime(1_000)
  video.say('playing')
  video.say('waiting')
  vi.advanceTimersByTime(100)
  video.say('playing')
  video.seeking = true
  video.say('waiting')
  vi.advanceTimersByTime(1_000)
  video.seeking = false
  video.say('playing')
  video.say('waiting')
  vi.advanceTimersByTime(1_500)
  video.say('timeupdate')
  expect(kinds()).toEqual(['startup 1000', 'stall_began', 'stall_ended 1500'])
})

test('a batch waits ten seconds for company, and a film that ends by an error does not wait', () => {
  const { video, tell, quality } = setUp()
  video.say('playing')
  vi.advanceTimersByTime(9_999)
  expect(tell).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(tell).toHaveBeenCalledTimes(1)
  quality.failed('fragLoadError <b>', 503, true)
  expect(tell).toHaveBeenCalledTimes(2)
  expect(quality.take().at(-1)).toMatchObject({ kind: 'error', error: 'fragLoadError--b-', status: 503, fatal: true })
})

test('a rendition is told with why it was chosen', () => {
  const { video, quality } = setUp()
  const levels = [{ bitrate: 400_400, height: 360 }, { bitrate: 900_000, height: 720 }, { bitrate: 2_000_000, height: 1080 }]
  const hls = { levels, currentLevel: 0, autoLevelCapping: -1, bandwidthEstimate: 5_000_000 }
  quality.measureBy(hls as unknown as Measured)
  quality.switched(0)
  video.say('playing')
  quality.switched(1)
  hls.autoLevelCapping = 1
  quality.switched(1)
  quality.switched(2)
  const switches = quality.take().filter(({ kind }) => kind === 'rendition_switched')
  expect(switches.map(({ reason }) => reason)).toEqual(['first', 'throughput', 'screen_size', 'top'])
  expect(switches[0]).toMatchObject({ bitrate_kbps: 400, height: 360, buffer_ms: 12_000, throughput_kbps: 5_000 })
})

test('of very much the newest is told, and a player that is gone tells nothing any more', () => {
  const { quality, gone, tell } = setUp()
  for (let count = 0; count < 70; count += 1) quality.failed(`e${count}`, undefined, false)
  gone.abort()
  vi.advanceTimersByTime(60_000)
  expect(tell).not.toHaveBeenCalled()
  const told = quality.take()
  expect([told.length, told[0]?.error, told.at(-1)?.error]).toEqual([64, 'e6', 'e69'])
})
