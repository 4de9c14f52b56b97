//! Why a television is not let in, in words of what to do next.

import { isPassing, type Problem } from '@bijou/api-client/problem.ts'

const BY_CODE: Record<string, string> = {
  'kids-profile': 'A child\'s profile cannot sign in a television. Change to a grown-up\'s first.',
  'profile-limited': 'This profile may not see everything, so it cannot open the house for a television. Change to one that may.',
  'app-in-sandbox': 'This app is still being tried out: only its developer can let it in.',
  'session-over': 'You were signed out here in the meantime. Sign in again; the code stays good.',
  'sign-in-required': 'Sign in first; the code stays good.',
}

export function wordsFor(problem: Problem): string {
  const known = BY_CODE[problem.code]
  if (known) return known
  if (problem.status === 404) return 'No television waits with this code. It may have run out: look whether it shows a new one.'
  if (problem.status === 429) return 'That was a lot of codes. Wait a minute, then try again.'
  if (isPassing(problem)) return 'Sign-in does not answer. Try again in a few seconds; the code stays good.'
  return problem.detail ?? problem.title
}
