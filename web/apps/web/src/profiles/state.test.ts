import { expect, test } from 'vitest'
import type { Profile } from '@bijou/api-client/types.ts'
import { changed, erased, refusedPin, refusedProfile, whosePin } from './state.ts'

const problem = (code: string, more: object = {}) => ({ code, title: 'Refused', status: 400, ...more })

test('a wrong PIN says how often one may still try', () => {
  expect(refusedPin(problem('pin-wrong', { more: { tries_left: 3 } }))).toBe('Not that one. 3 tries are left.')
  expect(refusedPin(problem('pin-wrong', { more: { tries_left: 1 } }))).toBe('Not that one. One try is left.')
  expect(refusedPin(problem('pin-wrong'))).toBe('Not that one. Try again.')
})

test('a locked one says when it opens', () => {
  expect(refusedPin(problem('pin-locked', { retry_after_s: 890 }))).toContain('in 15 minutes')
  expect(refusedPin(problem('pin-locked', { retry_after_s: 30 }))).toContain('in a minute')
})

test('asking for a PIN is no mistake of anybody', () => {
  expect(refusedPin(problem('pin-required'))).toBe('')
})

test('a service that is away is not the person’s fault', () => {
  expect(refusedPin({ code: 'unreachable', title: '', status: 0 })).toContain('does not answer')
  expect(refusedProfile({ code: 'x', title: '', status: 503 })).toContain('Not kept')
})

const person = (change: Partial<Profile>): Profile =>
  ({ id: 'p', name: 'Ada', avatar: 'owl', language: 'en', kids: false, has_pin: false, created_at: '', ...change })

test('only what is another is sent', () => {
  const ada = person({ maturity: 12 })
  const same = { name: 'Ada', avatar: 'owl', language: 'en', kids: false, maturity: 12 } as const
  expect(changed(ada, same)).toEqual({})
  expect(changed(ada, { ...same, name: 'Ida' })).toEqual({ name: 'Ida' })
  expect(changed(ada, { ...same, maturity: undefined })).toEqual({ maturity: null })
  expect(changed(ada, { ...same, kids: true, maturity: 7 })).toEqual({ kids: true, maturity: 7 })
})

test('a grown-up’s PIN is for coming in, a child’s for leaving', () => {
  const [ada, kim] = [person({ id: 'ada', has_pin: true }), person({ id: 'kim', kids: true, has_pin: true })]
  const bob = person({ id: 'bob' })
  expect(whosePin(ada, bob)).toBe(ada)
  expect(whosePin(bob, kim)).toBe(kim)
  expect(whosePin(ada, kim)).toBe(ada)
})

test('a deletion says how far it is, and that it goes on by itself', () => {
  const services = [{ service: 'PROFILES', acknowledged_at: '2026-01-01T00:00:00Z' }, { service: 'PLAYBACK' }]
  expect(erased({ state: 'running', services }, true)).toBe('1 of 2 services have said that nothing is left.')
  expect(erased({ state: 'running', services }, false)).toContain('asked until they do')
  expect(erased({ state: 'done', services }, false)).toBe('Every service has said that nothing is left.')
})
