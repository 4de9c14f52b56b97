import { expect, test } from 'vitest'
import type { Traced } from '@bijou/api-client/console.ts'
import { merged } from './live.ts'

const traced = (id: string, second: number, revision = 1): Traced => ({
  id, revision, started_at: `2026-11-23T07:00:0${second}.000Z`, duration_ms: 1, outcome: 'ok', entry: 'gateway', hops: [], logs: revision,
})

test('the newest request comes first and the oldest is forgotten', () => {
  expect(merged([traced('a', 1)], [traced('c', 3), traced('b', 2)], 2).map((each) => each.id)).toEqual(['c', 'b'])
})

test('a request told again replaces the older telling, never the newer', () => {
  expect(merged([traced('a', 1, 1)], [traced('a', 1, 2)], 9)[0]?.logs).toBe(2)
  expect(merged([traced('a', 1, 3)], [traced('a', 1, 2)], 9)[0]?.logs).toBe(3)
})
