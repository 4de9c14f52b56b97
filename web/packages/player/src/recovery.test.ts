import { expect, test } from 'vitest'
import { NOTHING_TRIED, remedyFor, worthRepeating, type PlayerError, type Remedy, type Tried } from './recovery.ts'

function check(error: PlayerError, tried: Partial<Tried>, kind: Remedy['kind']) {
  expect(remedyFor(error, { ...NOTHING_TRIED, ...tried }).kind).toBe(kind)
}

test('a refused token is renewed, whether or not the player thinks it fatal', () => {
  check({ area: 'network', fatal: false, status: 401 }, {}, 'renew-token')
  check({ area: 'network', fatal: true, status: 403 }, {}, 'renew-token')
  check({ area: 'network', fatal: true, status: 410 }, { renewals: 2 }, 'renew-token')
  check({ area: 'network', fatal: true, status: 401 }, { renewals: 3 }, 'give-up')
})

test('who may have lost the place asks, and does not take it back', () => {
  check({ area: 'network', fatal: false, status: 409 }, {}, 'speak')
  check({ area: 'network', fatal: true, status: 409 }, { loads: 40 }, 'give-up')
})

test('a service that is away is waited for, longer each time, for about two minutes', () => {
  let waited_ms = 0
  for (let loads = 0; ; loads += 1) {
    const remedy = remedyFor({ area: 'network', fatal: true, status: 503 }, { ...NOTHING_TRIED, loads })
    if (remedy.kind !== 'load-again') break
    expect(remedy.after_ms).toBeLessThanOrEqual(3000)
    waited_ms += remedy.after_ms
  }
  expect(waited_ms).toBeGreaterThan(60_000)
  expect(waited_ms).toBeLessThan(180_000)
})

test('what the player mends by itself is left to it', () => {
  check({ area: 'network', fatal: false, status: 503 }, {}, 'ignore')
  check({ area: 'media', fatal: false }, {}, 'ignore')
})

test('a decoder that stumbles is restarted a few times', () => {
  check({ area: 'media', fatal: true }, {}, 'restart-decoder')
  check({ area: 'media', fatal: true }, { decoders: 3 }, 'give-up')
})

test('a film that is not there is not waited for', () => {
  check({ area: 'network', fatal: true, status: 404 }, {}, 'give-up')
})

test('no answer, busy and broken are worth repeating, a refusal is not', () => {
  expect([undefined, 0, 408, 429, 500, 503].map(worthRepeating)).toEqual(Array(6).fill(true))
  expect([200, 401, 403, 404, 416].map(worthRepeating)).toEqual(Array(5).fill(false))
})
