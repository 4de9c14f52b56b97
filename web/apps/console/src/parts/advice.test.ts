import { expect, test } from 'vitest'
import { adviceFor } from './advice.ts'

const problem = (status: number, code = 'x') => ({ code, title: '', status })

test('a code of its own says more than its status', () => {
  expect(adviceFor(problem(503, 'audit-unavailable'))).toContain('Nothing was changed')
  expect(adviceFor(problem(503))).toContain('under the request id')
})

test('every status leads somewhere', () => {
  for (const status of [0, 400, 403, 404, 409, 429, 500, 503]) expect(adviceFor(problem(status)).length, String(status)).toBeGreaterThan(20)
  expect(adviceFor({ ...problem(429), retry_after_s: 7 })).toBe('Wait 7 s, then try again.')
})
