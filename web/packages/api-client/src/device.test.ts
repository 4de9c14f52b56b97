import { expect, test } from 'vitest'
import { waitedBy } from './device.ts'

const problem = (code: string, status = 400) => ({ code, title: code, status })

test('each word of RFC 8628 has its meaning, and silence is not refusal', () => {
  expect(waitedBy(problem('authorization_pending'))).toBe('waiting')
  expect(waitedBy(problem('slow_down'))).toBe('slow_down')
  expect(waitedBy(problem('access_denied'))).toBe('refused')
  expect(waitedBy(problem('expired_token'))).toBe('expired')
  expect(waitedBy(problem('unreachable', 0))).toBe('away')
  expect(waitedBy(problem('temporarily_unavailable', 503))).toBe('away')
})
