import { expect, test } from 'vitest'
import type { Instance } from '@bijou/api-client/console.ts'
import { bulbsOf, ms, rate } from './words.ts'

test('every number has a unit and no more digits than mean something', () => {
  expect([0.123, 12.34, 123.4, 12_345].map(ms)).toEqual(['0.12 ms', '12.3 ms', '123 ms', '12.3 s'])
  expect([0, 0.017, 0.25, 42.4].map(rate)).toEqual(['0.0/s', '<0.1/s', '0.3/s', '42/s'])
})

const instance = (change: Partial<Instance>): Instance =>
  ({ app: 'CATALOG', role: 'catalog', instance_id: 'i', addr: '', status: 'UP', health: 'ready', metadata: {}, last_minute: { requests: 0, failed: 0 }, ...change })

const lease = (age_ms: number) => ({ lease: { age_ms, duration_ms: 10_000, expires_in_ms: 10_000 - age_ms, renewed_every_ms: 3_000, registered_at: '', renewed_at: '' } })

test('bulbs go out as a lease ages', () => {
  expect([0, 5_000, 8_000, 10_000].map((age) => bulbsOf(instance(lease(age))).lit)).toEqual([5, 4, 3, 1])
})

test('bulbs say in words what they show', () => {
  expect(bulbsOf(instance({ health: 'unreachable' }))).toEqual({ lit: 0, words: 'unreachable' })
  expect(bulbsOf(instance({ health: 'not-ready' }))).toEqual({ lit: 2, words: 'not ready' })
  expect(bulbsOf(instance({ status: 'OUT_OF_SERVICE' }))).toEqual({ lit: 1, words: 'out of service, ready' })
})
