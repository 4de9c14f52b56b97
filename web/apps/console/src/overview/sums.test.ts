import { expect, test } from 'vitest'
import type { Overview } from '@bijou/api-client/console.ts'
import { againAfter_ms, reachIn, timesOf, valuesOf, whoseIn } from './sums.ts'

const overview = (step_s: number): Overview => ({
  first_at: '2026-11-23T07:00:00.000Z', step_s, services: [], routes: [], is_cut: false,
  traffic: { requests: [1, null], failed: [0, null], p50_ms: [null, null], p99_ms: [null, null] },
  pulse: { starts: [0, 0], completions: [0, 0], failures: [0, 0], rebuffers: [0, 0] },
})

test('steps are told by their ends, and what is not known is a gap', () => {
  expect(timesOf(overview(10))).toEqual([Date.parse('2026-11-23T07:00:00Z'), Date.parse('2026-11-23T07:00:10Z')])
  expect(valuesOf([1, null, 0])).toEqual([1, undefined, 0])
})

test('how far back is of the address, and what it does not know is a quarter of an hour', () => {
  expect([{ within: '1d' }, { within: 'ever' }, {}].map(reachIn)).toEqual(['1d', '15m', '15m'])
})

test('a graph of a day is asked for less often than one of a minute, and never more than once a minute less', () => {
  expect([undefined, overview(10), overview(860)].map(againAfter_ms)).toEqual([5000, 10_000, 60_000])
})

test('whose requests are drawn is said in words', () => {
  expect([{}, { role: 'catalog' }, { role: 'catalog', route: 'GET /v1/titles' }].map(whoseIn)).toEqual(['Everything from outside', 'catalog', 'catalog: GET /v1/titles'])
})
