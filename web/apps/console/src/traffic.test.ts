import { expect, test } from 'vitest'
import type { Hop, Outcome, Traced } from '@bijou/api-client/console.ts'
import { quantile, Traffic } from './traffic.ts'

const hop = (from: string, to: string, duration_ms: number, outcome: Outcome = 'ok'): Hop =>
  ({ from, to, name: '', start_ms: 0, duration_ms, outcome })

const traced = (id: string, ...hops: Hop[]): Traced =>
  ({ id, revision: 1, started_at: '', duration_ms: 1, outcome: 'ok', entry: 'gateway', hops, logs: 0 })

test('edges count what passed in the last minute and forget what is older', () => {
  const traffic = new Traffic()
  traffic.add(traced('a', hop('client', 'gateway', 5), hop('gateway', 'catalog', 3)), 0)
  traffic.add(traced('b', hop('client', 'gateway', 9), hop('gateway', 'catalog', 7, 'failed')), 30_000)
  expect(traffic.edges(30_000)).toEqual([
    { from: 'client', to: 'gateway', requests: 2, per_second: 2 / 30, failed: 0, p99_ms: 9 },
    { from: 'gateway', to: 'catalog', requests: 2, per_second: 2 / 30, failed: 1, p99_ms: 7 },
  ])
  expect(traffic.edges(70_000).map((edge) => edge.requests)).toEqual([1, 1])
  expect(traffic.edges(100_000)).toEqual([])
})

test('a request told again counts only what is new of it', () => {
  const traffic = new Traffic()
  traffic.add(traced('a', hop('client', 'gateway', 5)), 0)
  traffic.add({ ...traced('a', hop('client', 'gateway', 5), hop('gateway', 'catalog', 3)), revision: 2 }, 100)
  expect(traffic.edges(100).map((edge) => [edge.to, edge.requests])).toEqual([['gateway', 1], ['catalog', 1]])
})

test('what a check did is not counted', () => {
  const traffic = new Traffic()
  traffic.add({ ...traced('a', hop('console', 'gateway', 5), hop('gateway', 'catalog', 3)), check: 'browse' }, 0)
  expect(traffic.edges(100)).toEqual([])
})

test('a quantile of few values is one of them', () => {
  expect([quantile([], 0.99), quantile([4], 0.5), quantile([1, 2, 3, 4], 0.5)]).toEqual([0, 4, 3])
})
