import { expect, test } from 'vitest'
import type { Hop, Outcome, Traced } from '@bijou/api-client/console.ts'
import { askedOf, fits, wantedIn } from './wanted.ts'

const hop = (from: string, to: string): Hop => ({ from, to, name: '', start_ms: 0, duration_ms: 1, outcome: 'ok' })
const traced = (path: string, outcome: Outcome, ...hops: Hop[]): Traced =>
  ({ id: 'a', revision: 1, started_at: '', duration_ms: 1, outcome, entry: 'gateway', path, hops, logs: 0 })

test('an address is read with its mistakes: an outcome that is none, blanks around a word', () => {
  expect(wantedIn({ outcome: 'failed', path: ' /v1 ' })).toEqual({ outcome: 'failed', path: '/v1' })
  expect(wantedIn({ outcome: 'sideways', path: '  ' })).toEqual({})
})

test('an edge is one call, not two roles that were both met', () => {
  const request = traced('/v1/home', 'ok', hop('client', 'gateway'), hop('gateway', 'recommendations'), hop('recommendations', 'catalog'))
  expect(fits(request, { from: 'recommendations', to: 'catalog' })).toBe(true)
  expect(fits(request, { from: 'gateway', to: 'catalog' })).toBe(false)
  expect(fits(request, { to: 'catalog' })).toBe(true)
  expect(fits(request, { from: 'catalog' })).toBe(false)
})

test('everything that is asked for has to fit', () => {
  const request = traced('/v1/home', 'failed')
  expect(fits(request, {})).toBe(true)
  expect(fits(request, { outcome: 'failed', path: 'home' })).toBe(true)
  expect(fits(request, { outcome: 'failed', path: 'titles' })).toBe(false)
  expect(fits(request, { outcome: 'ok' })).toBe(false)
})

test('the console is asked for what it can filter by', () => {
  expect(askedOf({ outcome: 'ok', path: '/v1', from: 'gateway', to: 'catalog' })).toEqual({ outcome: 'ok', path: '/v1', role: 'catalog' })
})

test('what is half typed narrows nothing yet', () => {
  expect(wantedIn({ status: '5', slower: 'x', within: 'ever' })).toEqual({})
  expect(wantedIn({ status: '5xx', slower: '250', within: '1h', q: ' a b ' })).toEqual({ status: '5xx', slower_than_ms: 250, within: '1h', q: 'a b' })
})

test('status, duration, account, words and time are looked at as the console does', () => {
  const now = Date.parse('2026-11-23T08:00:00Z')
  const request: Traced = { ...traced('/v1/home', 'failed'), status: 503, duration_ms: 250, account: 'acc-1', message: 'Connection refused', started_at: '2026-11-23T07:50:00Z' }
  for (const wanted of [{ status: '5xx' }, { status: '503' }, { slower_than_ms: 250 }, { account: 'acc-1' }, { q: 'HOME refused' }, { within: '15m' }] as const) {
    expect(fits(request, wanted, now), JSON.stringify(wanted)).toBe(true)
  }
  for (const wanted of [{ status: '4xx' }, { status: '500' }, { slower_than_ms: 251 }, { account: 'acc' }, { q: 'home accepted' }, { route: '/v1' }] as const) {
    expect(fits(request, wanted, now), JSON.stringify(wanted)).toBe(false)
  }
  expect(fits({ ...request, started_at: '2026-11-23T07:40:00Z' }, { within: '15m' }, now)).toBe(false)
})
