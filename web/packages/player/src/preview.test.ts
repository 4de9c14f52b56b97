import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Preview } from './preview.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function setUp() {
  const asked: number[] = []
  const pictures = { attachMedia: () => undefined, loadMediaAt: (at: number) => void asked.push(at), destroy: () => void asked.push(-1) }
  return { asked, preview: new Preview(pictures, {} as HTMLVideoElement) }
}

test('of a fast hand only the first and the last place are asked for', () => {
  const { asked, preview } = setUp()
  for (let at = 10; at < 60; at += 1) preview.show(at)
  expect(asked).toEqual([10])
  vi.advanceTimersByTime(120)
  expect(asked).toEqual([10, 58])
  vi.advanceTimersByTime(1000)
  expect(asked).toEqual([10, 58])
})

test('places between two key frames are one', () => {
  const { asked, preview } = setUp()
  for (const at of [10, 10.5, 11.9]) {
    preview.show(at)
    vi.advanceTimersByTime(200)
  }
  preview.show(12)
  preview.destroy()
  vi.advanceTimersByTime(1000)
  expect(asked).toEqual([10, 12, -1])
})
