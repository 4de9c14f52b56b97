import { expect, test } from 'vitest'
import type { CalledEdge } from '@bijou/api-client/console.ts'
import { markOf, saidOf, toldOf } from './edges.ts'

const counted = (from: string, to: string, change: Partial<CalledEdge> = {}): CalledEdge =>
  ({ from, to, calls: 60, per_second: 1, failed: 0, retries: 0, breakers_open: 0, p50_ms: 2, p99_ms: 9, ...change })
const traced = (from: string, to: string) => ({ from, to, requests: 90, per_second: 1.5, failed: 1, p99_ms: 12 })

test('what is counted goes before what was traced, which tells of the rest and says so', () => {
  const outside = { last_minute: { requests: 120, failed: 1, p99_ms: 12 }, per_second: 2, looks: [] }
  const seen = [traced('gateway', 'catalog'), traced('client', 'gateway'), traced('console', 'gateway')]
  const told = toldOf([counted('gateway', 'catalog')], outside, seen)
  expect(told.map((edge) => [edge.from, edge.calls, edge.retries, edge.isTraced])).toEqual([
    ['client', 120, undefined, undefined], ['console', 90, undefined, true], ['gateway', 60, 0, undefined],
  ])
  expect(toldOf([], undefined, seen).map((edge) => edge.isTraced)).toEqual([true, true, true])
})

test('a wire says nothing while all is well, and what is the matter in few letters', () => {
  expect([undefined, counted('a', 'b'), counted('a', 'b', { retries: 3.2 }), counted('a', 'b', { retries: 2, breakers_open: 1 })].map(markOf)).toEqual(['', '', '↻ 3', '⊘ 1 open  ↻ 2'])
})

test('an edge is said in words', () => {
  expect(saidOf('gateway', 'catalog', counted('gateway', 'catalog', { failed: 4, retries: 3, breakers_open: 1 }))).toBe('gateway → catalog: 1.0/s, 4 failed, p99 9.00 ms, 3 retries, 1 open breakers')
  expect(saidOf('a', 'b', { from: 'a', to: 'b', per_second: 1, calls: 60, failed: 0, isTraced: true })).toBe('a → b: 1.0/s, 0 failed, of what is traced')
  expect(saidOf('a', 'b', undefined)).toBe('a → b: quiet')
})
