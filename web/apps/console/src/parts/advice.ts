//! What an operator can do about a problem (RFC 9457). By its code where it has one of its own, else by its status. Pure.

import type { Problem } from '@bijou/api-client/problem.ts'

const BY_CODE: Record<string, string> = {
  'audit-unavailable': 'Nothing was changed: what cannot be recorded is not done. Look at the console’s database, then try again.',
  'fault-injected': 'Somebody has broken this on purpose. The faults page says who and why, and stops it.',
  'instance-unreachable': 'It is registered and does not answer. Its lease tells in a few seconds whether it is gone.',
  'no-gateway': 'The registry lists none, so nobody can come in from outside either. The instances say what became of it.',
}

export function adviceFor(problem: Problem): string {
  const known = BY_CODE[problem.code]
  if (known !== undefined) return known
  if (problem.status === 0) return 'The console does not answer. The platform itself goes on without it; look at the terminal it was started in.'
  if (problem.status === 429) return problem.retry_after_s === undefined ? 'Wait a moment, then try again.' : `Wait ${problem.retry_after_s} s, then try again.`
  if (problem.status === 403) return 'This account may not do that. Accounts that operate the platform are listed in identity.operators.'
  if (problem.status === 404) return 'It is gone, or it never was: the console’s memory is bounded. The lists have what there is now.'
  if (problem.status >= 500) return 'The console could not answer. Its own log has the cause, under the request id.'
  return 'Change what was asked for, then try again.'
}
