//! Synthetic checks in the mock: an hour of them, one failed.

import type { Check, Checks } from '@bijou/api-client/console.ts'

const NAMES = ['sign-in', 'browse', 'search', 'play', 'manifests', 'segments', 'stop', 'sign-out']
const born = Date.now()

function checkAt(at_ms: number, by: string, failing: boolean): Check {
  const steps = NAMES.filter((name) => !failing || !['manifests', 'segments', 'stop'].includes(name)).map((name, at) => ({
    name, took_ms: name === 'sign-in' ? 62 : 6 + at * 3, trace_id: `${at}`.padStart(32, '4'),
    ...(failing && name === 'play' && { problem: '`GATEWAY` answered 503 no-instance: no instance of PLAYBACK answered' }),
  }))
  return { at: new Date(at_ms).toISOString(), by, passed: !failing, took_ms: steps.reduce((sum, step) => sum + step.took_ms, 0), steps }
}

const items = Array.from({ length: 40 }, (_, at) => checkAt(born - at * 60_000, at === 7 ? 'token' : 'schedule', at === 12))

export const checks = (): Checks => ({ configured: true, every_s: 60, items })

export function runCheck(): Check {
  const check = checkAt(Date.now(), 'token', false)
  items.unshift(check)
  return check
}
