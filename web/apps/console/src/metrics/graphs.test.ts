import { expect, test } from 'vitest'
import type { Graph } from '@bijou/api-client/console.ts'
import { dotsOf, LINES_MAX, number, sheetsOf, timesOf } from './graphs.ts'

const graph = (kind: string, unit: string, lines: Graph['lines']): Graph =>
  ({ name: 'm', kind, unit, first_at: '2026-11-23T07:00:00.000Z', step_s: 10, lines, left_out: 0, is_cut: false, exemplars: [] })

test('a histogram is two charts: how often and how long', () => {
  const labels = { role: 'catalog' }
  const drawn = graph('histogram', 'seconds', [{ labels, stat: 'rate', values: [1, null] }, { labels, stat: 'p50', values: [0.01, 0.02] }, { labels, stat: 'p99', values: [0.5, null] }])
  const [rates, quantiles] = sheetsOf(drawn)
  expect(rates?.lines).toEqual([{ name: 'catalog', values: [1, undefined] }])
  expect(quantiles?.lines.map((line) => line.name)).toEqual(['catalog p50', 'catalog p99'])
  expect(quantiles?.format(0.5)).toBe('500 ms')
  expect(timesOf(drawn)).toEqual([Date.parse('2026-11-23T07:00:00Z'), Date.parse('2026-11-23T07:00:10Z')])
})

test('lines that could not be told apart are counted, not drawn', () => {
  const lines = Array.from({ length: LINES_MAX + 3 }, (_, at) => ({ labels: { route: String(at) }, stat: 'rate', values: [1] }))
  expect(sheetsOf(graph('counter', '', lines))[0]?.leftOut).toBe(3)
  expect(sheetsOf(graph('counter', '', []))).toEqual([])
})

test('large numbers are short', () => {
  expect([12, 0.5, 1234, 12_345, 3_200_000, 5e9].map(number)).toEqual(['12', '0.50', '1234', '12.3k', '3.2M', '5.0G'])
})

test('an example is a dot that leads to its request', () => {
  const drawn = { ...graph('histogram', 'seconds', []), exemplars: [{ at: '2026-11-23T07:00:05.000Z', value: 0.5, trace_id: 'abc', labels: {} }] }
  expect(dotsOf(drawn, (value) => `${value} s`)).toEqual([{ at_ms: Date.parse('2026-11-23T07:00:05Z'), value: 0.5, href: '#/requests/abc', name: '0.5 s: its request' }])
})
