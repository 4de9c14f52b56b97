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

test('totals are what came from outside, per second of the time seen', () => {
  const traffic = new Traffic()
  for (let at = 0; at < 10; at += 1) traffic.add(traced(`r${at}`, hop('client', 'gateway', at), hop('gateway', 'catalog', 1)), at * 1000)
  expect(traffic.totals(10_000)).toEqual({ requests: 10, per_second: 1, failed: 0, p99_ms: 9 })
})

test('the graph leaves out the second that is still running', () => {
  const traffic = new Traffic()
  traffic.add(traced('a', hop('client', 'gateway', 1)), 59_500)
  traffic.add(traced('b', hop('client', 'gateway', 1)), 60_100)
  const lastTwo = (now_ms: number) => traffic.seconds(now_ms).slice(-2)
  expect(lastTwo(60_900)).toEqual([{ at_ms: 58_000, requests: 0 }, { at_ms: 59_000, requests: 1 }])
  expect(lastTwo(61_000).map((second) => second.requests)).toEqual([1, 1])
})

test('calls inside are not requests', () => {
  const traffic = new Traffic()
  traffic.add(traced('a', hop('client', 'gateway', 4, 'failed'), hop('gateway', 'catalog', 3, 'failed')), 1_000)
  expect(traffic.seconds(2_000).at(-1)).toEqual({ at_ms: 1_000, requests: 1 })
})

test('a quantile of few values is one of them', () => {
  expect([quantile([], 0.99), quantile([4], 0.5), quantile([1, 2, 3, 4], 0.5)]).toEqual([0, 4, 3])
})
