import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Impression } from '@bijou/api-client/types.ts'
import { SeenLog } from './seen.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const seen = (card: string): Impression => ({ card, row: 'r', position: 0 })

function logOf() {
  const sent: string[][] = []
  return { sent, log: new SeenLog((items) => sent.push(items.map((each) => each.card))) }
}

test('what was seen is told together, each card once', () => {
  const { log, sent } = logOf()
  for (const card of ['a', 'b', 'a']) log.add(seen(card))
  expect(sent).toEqual([])
  vi.advanceTimersByTime(5000)
  log.add(seen('b'))
  vi.advanceTimersByTime(5000)
  expect(sent).toEqual([['a', 'b']])
})

test('a batch is never larger than the platform takes', () => {
  const { log, sent } = logOf()
  for (let at = 0; at < 450; at += 1) log.add(seen(`c${at}`))
  log.flush()
  expect(sent.map((each) => each.length)).toEqual([200, 200, 50])
})

test('what the last person saw is not told in the name of the next', () => {
  const { log, sent } = logOf()
  log.add(seen('a'))
  log.forget()
  vi.advanceTimersByTime(9000)
  expect(sent).toEqual([])
})
