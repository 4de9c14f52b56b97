import { expect, test } from 'vitest'
import type { Hop } from '@bijou/api-client/console.ts'
import { HOP_SHOWN_MS, legsOf } from './journey.ts'

const hop = (from: string, to: string, start_ms: number): Hop => ({ from, to, name: '', start_ms, duration_ms: 5, outcome: 'ok' })

test('a call is shown only after its caller was reached', () => {
  const legs = legsOf([hop('recommendations', 'catalog', 1.2), hop('client', 'gateway', 0), hop('gateway', 'recommendations', 0.4)])
  expect(legs.map((leg) => [leg.hop.to, leg.delay_ms])).toEqual([
    ['gateway', 0], ['recommendations', HOP_SHOWN_MS], ['catalog', 2 * HOP_SHOWN_MS],
  ])
})

test('calls made together leave together, a later one after', () => {
  const [, together, too, later] = legsOf([hop('client', 'gateway', 0), hop('gateway', 'a', 1), hop('gateway', 'b', 1.2), hop('gateway', 'c', 9)])
  expect(together?.delay_ms).toBe(too?.delay_ms)
  expect(later?.delay_ms).toBeGreaterThan(too?.delay_ms ?? 0)
})
