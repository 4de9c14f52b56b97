//! Where the film is: phase, position, buffer, read from the video element's own events.

import type { Phase, Store } from './state.ts'

const settled = (phase: Phase) => phase.kind === 'failed'

export function watchClock(video: HTMLVideoElement, store: Store, gone: AbortSignal): void {
  const on = (event: string, handler: () => void) => video.addEventListener(event, handler, { signal: gone })
  const phase = (next: Phase) => void (settled(store.state.phase) || store.set({ phase: next }))

  on('playing', () => phase({ kind: 'playing' }))
  on('pause', () => phase(video.ended ? { kind: 'ended' } : { kind: 'paused' }))
  on('ended', () => phase({ kind: 'ended' }))
  on('waiting', () => {
    const now = store.state.phase
    phase({ kind: 'waiting', reconnecting: now.kind === 'waiting' && now.reconnecting })
  })
  on('canplay', () => store.state.phase.kind === 'opening' && phase({ kind: 'ready' }))
  on('timeupdate', () => {
    store.set({ position_s: video.currentTime })
    if (!video.paused && !video.ended && store.state.phase.kind === 'waiting' && video.readyState > 2) phase({ kind: 'playing' })
  })
  on('seeking', () => store.set({ position_s: video.currentTime }))
  on('durationchange', () => Number.isFinite(video.duration) && store.set({ duration_s: video.duration }))
  on('progress', () => store.set({ buffered_s: bufferedUntil(video) }))
}

function bufferedUntil(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime + 0.25 && buffered.end(at) >= currentTime) return buffered.end(at)
  }
  return 0
}
