//! How loud it is, remembered from film to film.

import type { Store } from './state.ts'

const KEY = 'bijou.volume'

export class SoundController {
  constructor(readonly video: HTMLVideoElement, store: Store, gone: AbortSignal) {
    const kept = Number.parseFloat(localStorage.getItem(KEY) ?? '1')
    video.volume = kept >= 0 && kept <= 1 ? kept : 1
    const told = () => store.set({ volume: video.volume, muted: video.muted || video.volume === 0 })
    video.addEventListener('volumechange', told, { signal: gone })
    told()
  }

  set(volume: number): void {
    this.video.volume = Math.min(1, Math.max(0, Math.round(volume * 20) / 20))
    this.video.muted = false
    localStorage.setItem(KEY, String(this.video.volume))
  }

  change(by: number): void {
    this.set(this.video.volume + by)
  }

  toggle(): void {
    if (this.video.volume === 0) this.set(0.5)
    else this.video.muted = !this.video.muted
  }
}
