import { expect, test } from 'vitest'
import type { CalledEdge } from '@bijou/api-client/console.ts'
import { markOf, saidOf, toldOf } from './edges.ts'

const counted = (from: string, to: string, change: Partial<CalledEdge> = {}): CalledEdge =>
  ({ from, to, calls: 60, per_second: 1, failed: 0, retries: 0, breakers_open: 0, p50_ms: 2, p99_ms: 9, ...change })
const traced = (from: string, to: string) => ({ from, to, requests: 90, per_second: 1.5, failed: 1, p99_ms: 12 })

test('what callers count goes before what was traced, which tells of the rest', () => {
  const told = toldOf([counted('gateway', 'catalog')], [traced('gateway', 'catalog'), traced('client', 'gateway')])
  expect(told.map((edge) => [edge.from, edge.calls, edge.retries])).toEqual([['client', 90, undefined], ['gateway', 60, 0]])
})

test('a wire says nothing while all is well, and what is the matter in few letters', () => {
  expect([undefined, counted('a', 'b'), counted('a', 'b', { retries: 3.2 }), counted('a', 'b', { retries: 2, breakers_open: 1 })].map(markOf)).toEqual(['', '', '↻ 3', '⊘ 1 open  ↻ 2'])
})

test('an edge is said in words', () => {
  expect(saidOf('gateway', 'catalog', counted('gateway', 'catalog', { failed: 4, retries: 3, breakers_open: 1 }))).toBe('gateway → catalog: 1.0/s, 4 failed, p99 9.00 ms, 3 retries, 1 open breakers')
  expect(saidOf('a', 'b', undefined)).toBe('a → b: quiet')
})
