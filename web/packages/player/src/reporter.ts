//! Tells the platform what was watched: started, progress every ten seconds of film, stopped. Never in the way of playing.

import type { PlaybackEventKind } from '@bijou/api-client/types.ts'

const EVERY_S = 10

export type Report = (kind: PlaybackEventKind, position_s: number) => void

export function reportPlaying(video: HTMLVideoElement, report: Report, gone: AbortSignal): void {
  let state: 'not-started' | 'started' | 'stopped' = 'not-started'
  let last_s = 0
  const on = (target: EventTarget, event: string, handler: () => void) =>
    target.addEventListener(event, handler, { signal: gone })
  const stop = () => {
    if (state !== 'started') return
    state = 'stopped'
    report('stopped', video.currentTime)
  }
  on(video, 'playing', () => {
    if (state === 'started') return
    state = 'started'
    last_s = video.currentTime
    report('started', video.currentTime)
  })
  on(video, 'timeupdate', () => {
    if (state !== 'started' || Math.abs(video.currentTime - last_s) < EVERY_S) return
    last_s = video.currentTime
    report('progress', video.currentTime)
  })
  on(video, 'ended', stop)
  on(window, 'pagehide', stop)
  gone.addEventListener('abort', stop, { once: true })
}
