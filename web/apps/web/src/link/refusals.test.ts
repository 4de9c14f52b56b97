import { expect, test } from 'vitest'
import type { Problem } from '@bijou/api-client/problem.ts'
import { wordsFor } from './refusals.ts'

const problem = (status: number, code: string): Problem => ({ code, status, title: 'Refused' })

test('each refusal says what to do next', () => {
  expect(wordsFor(problem(403, 'kids-profile'))).toContain('grown-up')
  expect(wordsFor(problem(403, 'profile-limited'))).toContain('one that may')
  expect(wordsFor(problem(403, 'app-in-sandbox'))).toContain('only its developer')
  expect(wordsFor(problem(401, 'session-over'))).toContain('Sign in again')
  expect(wordsFor(problem(401, 'sign-in-required'))).toContain('Sign in first')
  expect(wordsFor(problem(404, 'device-code-not-found'))).toContain('new one')
  expect(wordsFor(problem(429, 'too-many-tries'))).toContain('Wait a minute')
  expect(wordsFor(problem(503, 'unavailable'))).toContain('does not answer')
})

test('what nobody has words for is told in the server\'s', () => {
  expect(wordsFor({ ...problem(403, 'something-new'), detail: 'Because of something new.' })).toBe('Because of something new.')
})
