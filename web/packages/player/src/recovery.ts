//! What to do about a player error: pure decisions, so that a restart of any service can be played through in a test.
//!
//! A refused token is renewed, a service that is away is waited for, a decoder that stumbled is restarted, a few times each.

export interface PlayerError {
  area: 'network' | 'media' | 'other'
  fatal: boolean
  /** HTTP status of the answer; 0 or absent when there was none. */
  status?: number
}

export type Remedy =
  | { kind: 'ignore' }
  | { kind: 'renew-token' }
  | { kind: 'load-again'; after_ms: number }
  | { kind: 'restart-decoder' }
  /** Another device may have the place: the next report says so. Loads again in case it has not. */
  | { kind: 'speak'; after_ms: number }
  | { kind: 'give-up' }

/** Remedies tried since the picture last moved. */
export interface Tried { renewals: number; loads: number; decoders: number }

export const NOTHING_TRIED: Tried = { renewals: 0, loads: 0, decoders: 0 }

const RENEWALS_MAX = 3
/** With the pauses below this is about two minutes: longer than any restart, shorter than anybody's patience. */
const LOADS_MAX = 40
const DECODERS_MAX = 3

const REFUSED = new Set([401, 403, 410])
const TAKEN_OVER = 409

export function remedyFor(error: PlayerError, tried: Tried): Remedy {
  if (error.status !== undefined && REFUSED.has(error.status)) {
    return tried.renewals < RENEWALS_MAX ? { kind: 'renew-token' } : { kind: 'give-up' }
  }
  if (error.status === TAKEN_OVER) return tried.loads < LOADS_MAX ? { kind: 'speak', after_ms: 1000 } : { kind: 'give-up' }
  if (!error.fatal) return { kind: 'ignore' }
  switch (error.area) {
    case 'network':
      if (error.status === 404) return { kind: 'give-up' }
      return tried.loads < LOADS_MAX
        ? { kind: 'load-again', after_ms: Math.min(300 * 2 ** tried.loads, 3000) }
        : { kind: 'give-up' }
    case 'media':
      return tried.decoders < DECODERS_MAX ? { kind: 'restart-decoder' } : { kind: 'give-up' }
    case 'other':
      return { kind: 'give-up' }
  }
}

/**
 * Whether one request is worth repeating at once. hls.js by itself repeats neither "no answer" nor 429,
 * which are exactly what a restart of gateway or playback looks like.
 */
export function worthRepeating(status: number | undefined): boolean {
  return status === undefined || status === 0 || status === 408 || status === 429 || status >= 500
}
