import type { Explanation, Upstream } from '@bijou/api-client/console.ts'
import { expect, test } from 'vitest'
import { answerOf, attempts, depending, questionIn, staying } from './explain.ts'

const told = (change: Partial<Explanation>): Explanation =>
  ({ method: 'GET', host: '', path: '/v1/home', others: [], filters: [], candidates: [], answered_by: 'instance', ...change })

test('nothing is asked without a path, and an account goes before a kind', () => {
  expect(questionIn({ method: 'POST' })).toBeUndefined()
  expect(questionIn({ url: ' /v1/home ' })).toEqual({ method: 'GET', url: '/v1/home', as: '', client: '' })
  expect(questionIn({ url: '/', method: 'PUT', as: 'viewer', account: 'acc-1' })).toMatchObject({ method: 'PUT', as: 'acc-1' })
})

test('who answers is said with the status of a refusal', () => {
  expect(answerOf(told({ answered_by: 'gateway', status: 401, code: 'token-missing' }))).toBe('The gateway answers 401 token-missing')
  expect(answerOf(told({ route: { id: 'home', application: 'RECOMMENDATIONS', why: '' } }))).toBe('An instance of RECOMMENDATIONS answers')
  expect(answerOf(told({ answered_by: 'app' }))).toBe('The viewer app answers')
})

test('what only asking would tell is named', () => {
  expect(depending(told({ filters: [{ filter: 'trace', verdict: 'passes' }, { filter: 'faults', verdict: 'depends' }] }))).toEqual(['faults'])
})

test('attempts are told with their times and when they are repeated', () => {
  const upstream: Upstream = { request: 'GET /', passport_audience: [], attempt_ms: 500, deadline_ms: 10_000, attempts_max: 3, repeats_sent: true }
  expect(attempts(upstream)).toBe('at most 3, 500 ms each, 10.0 s in all')
  expect(attempts({ ...upstream, repeats_sent: false })).toContain('only while nothing was sent')
  expect(attempts({ ...upstream, attempts_max: 1 })).toBe('one, 500 ms each, 10.0 s in all')
})

test('what stays in the gateway\'s zone is told with why', () => {
  expect(staying({ own: 'a', share: 0.375, why: 'others carry the rest' })).toBe('38 % stays in zone a: others carry the rest')
})
