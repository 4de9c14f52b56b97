import { expect, test } from 'vitest'
import type { Fault } from '@bijou/api-client/console.ts'
import { forWhom, placeOfFault, whatItDoes } from './faults.ts'

const at = (second: number) => new Date(second * 1000).toISOString()
const fault = (change: Partial<Fault>): Fault => ({
  id: 'f-1', state: 'running', kind: 'abort', status: 503, to: 'catalog', percent: 20, started_at: at(10), ends_at: at(90),
  by: 'token', reason: 'a drill', hits: 0, instances: 8, instances_not_told: 0, ...change,
})

test('a fault is told by what it does, where and for whom', () => {
  expect([whatItDoes(fault({})), placeOfFault(fault({})), forWhom(fault({}))]).toEqual(['answer 503', 'everybody → catalog', '20 % of requests'])
  expect(placeOfFault(fault({ from: 'playback' }))).toBe('playback → catalog')
  const { to: _to, ...rest } = fault({ kind: 'delay', delay_ms: 200, route: 'titles', accounts_percent: 10 })
  expect([whatItDoes(rest), placeOfFault(rest), forWhom(rest)]).toEqual(['delay 200 ms', 'route titles', '20 % of requests, of 10 % of accounts'])
})
