//! Tells the page what the player does: when it begins, pauses, goes on and stops, and every half minute that it is there.
//! Never in the way of playing.
//!
//! Playback keeps a session's place for 90 seconds beyond the last word, so two words may be lost. A film that stays paused
//! gives its place up after ten minutes of silence; going on asks for it again.

import type { PlaybackEventKind } from '@bijou/api-client/types.ts'
import type { PositionState } from './positions.ts'

const EVERY_MS = 30_000
const PAUSED_MS_MAX = 10 * 60_000

/** `state` is what a position is reported with. */
export type Report = (kind: PlaybackEventKind, position_s: number, state: PositionState) => void

/** The parts of a video element that matter here. */
export type Reported = EventTarget & Pick<HTMLVideoElement, 'currentTime' | 'paused' | 'ended'>

export interface Page { window?: EventTarget | undefined; document?: (EventTarget & Pick<Document, 'visibilityState'>) | undefined }

/** Gives back a way to speak at once, out of turn. */
export function reportPlaying(video: Reported, report: Report, gone: AbortSignal, page: Page = globalThis): () => void {
  let began = false
  let stopped = false
  let paused_at: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const on = (target: EventTarget | undefined, event: string, handler: () => void) =>
    target?.addEventListener(event, handler, { signal: gone })
  const say = (kind: PlaybackEventKind) => {
    clearTimeout(timer)
    report(kind, video.currentTime, kind === 'stopped' ? 'stopped' : video.paused ? 'paused' : 'playing')
    if (kind !== 'stopped' && (paused_at === undefined || Date.now() - paused_at < PAUSED_MS_MAX)) {
      timer = setTimeout(() => say('progress'), EVERY_MS)
    }
  }
  const stop = () => {
    clearTimeout(timer)
    if (!began || stopped) return
    stopped = true
    say('stopped')
  }
  on(video, 'playing', () => {
    const paused = paused_at !== undefined
    paused_at = undefined
    // After a wait for data nothing is new.
    if (began && !stopped && !paused) return
    stopped = false
    say(began ? 'progress' : 'started')
    began = true
  })
  on(video, 'pause', () => {
    if (!began || stopped || video.ended) return
    paused_at = Date.now()
    say('progress')
  })
  // A page that is hidden may never be shown again, and is not always told when it goes.
  on(page.document, 'visibilitychange', () => {
    if (began && !stopped && page.document?.visibilityState === 'hidden') say('progress')
  })
  on(video, 'ended', stop)
  on(page.window, 'pagehide', stop)
  gone.addEventListener('abort', stop, { once: true })
  return () => {
    if (began && !stopped) say('progress')
  }
}
