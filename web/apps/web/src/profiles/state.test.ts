import { expect, test } from 'vitest'
import { refusedPin, refusedProfile } from './state.ts'

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
