//! How often a television asks whether somebody let it in (RFC 8628, 3.5). Pure.

import type { Waited } from '@bijou/api-client/device.ts'

/** Seconds until the next question; `undefined` when there is nothing left to ask. */
export function nextPause(pause_s: number, waited: Waited): number | undefined {
  switch (waited) {
    case 'waiting': return pause_s
    case 'slow_down': return pause_s + 5
    // Nobody answers: less and less often, but never so rarely that a person gives up.
    case 'away': return Math.min(pause_s * 2, 30)
    case 'signed-in': case 'refused': case 'expired': return undefined
  }
}
