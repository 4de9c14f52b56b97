import { expect, test } from 'vitest'
import type { Happening } from '@bijou/api-client/console.ts'
import { marksOf } from './happenings.ts'

const at = (second: number) => new Date(second * 1000).toISOString()
const told = (kind: Happening['kind'], second: number, words: string, until?: number): Happening =>
  ({ kind, at: at(second), words, ...(until !== undefined && { until: at(until) }) })

test('a stretch is a stretch and a moment is a moment, oldest first', () => {
  const newestFirst = [told('deploy', 40, 'catalog 1 → 2 deployed'), told('fault', 10, 'fault: answer 503', 30)]
  expect(marksOf(newestFirst, 5000)).toEqual([{ name: 'fault: answer 503', from_ms: 10_000, to_ms: 30_000 }, { name: 'catalog 1 → 2 deployed', from_ms: 40_000 }])
})

test('moments of one kind that follow each other are one mark, others stay apart', () => {
  const newestFirst = [told('start', 90, 'd started'), told('start', 14, 'c started'), told('deploy', 13, 'x deployed'), told('start', 12, 'b started'), told('start', 10, 'a started')]
  expect(marksOf(newestFirst, 5000)).toEqual([
    { name: '3 started', from_ms: 10_000 }, { name: 'x deployed', from_ms: 13_000 }, { name: 'd started', from_ms: 90_000 },
  ])
})

test('what lasts is never put together: each has its own end', () => {
  const newestFirst = [told('fault', 11, 'fault: b', 20), told('fault', 10, 'fault: a', 30)]
  expect(marksOf(newestFirst, 5000).map((mark) => mark.name)).toEqual(['fault: a', 'fault: b'])
})
