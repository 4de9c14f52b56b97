import { expect, test } from 'vitest'
import type { HistoryEntry } from '@bijou/api-client/types.ts'
import { byDay, howFar } from './history.ts'
import { titlesById } from './titles.ts'

const entry = (id: string, last: Date): HistoryEntry =>
  ({ id, title_id: id, started_at: last.toISOString(), last_at: last.toISOString(), position_s: 10, duration_s: 100, fraction: 0.1 })

test('entries are told by the days of the person’s own clock', () => {
  const now = new Date(2026, 10, 25, 0, 30)
  const days = byDay([
    entry('a', new Date(2026, 10, 25, 0, 10)), entry('b', new Date(2026, 10, 24, 23, 50)), entry('c', new Date(2026, 10, 24, 8)),
    entry('d', new Date(2026, 10, 20, 8)), entry('e', new Date(2025, 11, 31, 8)),
  ], now)
  expect(days.map((day) => [day.words, day.entries.map((each) => each.id).join()])).toEqual([
    ['Today', 'a'], ['Yesterday', 'b,c'], ['Friday 20 November', 'd'], ['Wednesday 31 December 2025', 'e'],
  ])
})

test('how far is said as a person would', () => {
  expect(howFar({ position_s: 65, duration_s: 600 })).toBe('Stopped at 1:05 of 10:00')
  expect(howFar({ position_s: 590, duration_s: 600 })).toBe('Seen to the end')
  expect(howFar({ position_s: 65, duration_s: 0 })).toBe('Stopped at 1:05')
})

test('titles are asked for a hundred at a time, each once', async () => {
  const asked: number[] = []
  const titlesOf = async (ids: readonly string[]) => {
    asked.push(ids.length)
    return { ok: true as const, value: { items: ids.map((id) => ({ id })) as never[] } }
  }
  const answer = await titlesById({ titlesOf }, [...Array.from({ length: 150 }, (_, at) => `t${at}`), 't0', 't1'])
  expect(asked).toEqual([100, 50])
  expect(answer.ok && answer.value.size).toBe(150)
})
