//! The player: puts the controllers together around one video element. What it shows is `state.ts`; how, is the page's.

import { AudioController } from './audio.ts'
import { CaptionsController } from './captions.ts'
import { watchClock } from './clockwork.ts'
import type { PlayerEvent } from '@bijou/api-client/types.ts'
import type { Command } from './keys.ts'
import { Preview } from './preview.ts'
import { Quality } from './quality.ts'
import { reportPlaying, type Report } from './reporter.ts'
import { SoundController } from './sound.ts'
import { SourceController, type Failing, type OpenFilm } from './source.ts'
import { Store, type PlayerState } from './state.ts'

export interface PlayerOptions {
  video: HTMLVideoElement
  /** What fills the screen in full screen: the video and the page's controls over it. */
  stage: HTMLElement
  open: OpenFilm
  /** `events` is what the player met since it last told. */
  report: (...told: [...Parameters<Report>, PlayerEvent[]]) => void
  /** Told out of turn: it keeps the place, and says nothing about where somebody is. */
  tell: (position_s: number, events: PlayerEvent[]) => void
  leave: () => void
  /** Languages to begin with where nothing was chosen in this browser. */
  audioLanguage?: string | undefined
  captionLanguage?: string | undefined
}

export class Player {
  readonly #store = new Store()
  readonly #gone = new AbortController()
  readonly #source: SourceController
  readonly #quality: Quality
  readonly audio: AudioController
  readonly captions: CaptionsController
  readonly sound: SoundController

  constructor(readonly options: PlayerOptions) {
    const { video, stage } = options
    const { signal } = this.#gone
    // Made first: what it hears last is in the last report.
    this.#quality = new Quality(video, () => this.#tell(), signal)
    const speak = reportPlaying(video, (...told) => options.report(...told, this.#quality.take()), signal)
    const failed: Failing = (name, status, fatal) => this.#quality.failed(name, status, fatal)
    this.#source = new SourceController(video, this.#store, options.open, speak, failed)
    this.audio = new AudioController(this.#store, options.audioLanguage)
    this.captions = new CaptionsController(video, this.#store, signal, options.captionLanguage)
    this.sound = new SoundController(video, this.#store, signal)
    watchClock(video, this.#store, signal)
    document.addEventListener('fullscreenchange', () => {
      this.#store.set({ fullScreen: document.fullscreenElement === stage })
    }, { signal })
  }

  subscribe(listener: (state: PlayerState) => void): () => void {
    return this.#store.subscribe(listener)
  }

  async start(): Promise<void> {
    await this.#source.start((hls, events) => {
      this.audio.attach(hls, events)
      this.captions.attach(hls, events)
      this.#quality.attach(hls, events)
    })
    if (!this.#gone.signal.aborted) await this.play()
  }

  async play(): Promise<void> {
    try {
      await this.options.video.play()
    } catch {
      // Browsers refuse to start sound unasked: then it waits, ready, for somebody to press play.
      if (this.#store.state.phase.kind === 'opening') this.#store.set({ phase: { kind: 'ready' } })
    }
  }

  seek(to_s: number): void {
    const { duration_s } = this.#store.state
    this.options.video.currentTime = Math.min(Math.max(0, to_s), Math.max(0, duration_s - 0.1))
  }

  command(command: Command): void {
    const { video } = this.options
    const { duration_s, phase } = this.#store.state
    if (phase.kind === 'failed' && command.kind !== 'leave') return
    switch (command.kind) {
      case 'toggle-play': return video.paused ? void this.play() : video.pause()
      case 'seek-by': return this.seek(video.currentTime + command.seconds)
      case 'seek-to': return this.seek(duration_s * command.fraction)
      case 'volume-by': return this.sound.change(command.amount)
      case 'toggle-sound': return this.sound.toggle()
      case 'toggle-captions': return this.captions.toggle()
      case 'toggle-full-screen': return void this.#toggleFullScreen()
      case 'leave': return this.options.leave()
    }
  }

  /** Shows single pictures of the film in another video element, for a hand on the bar; `undefined` where there are none. */
  preview(video: HTMLVideoElement): Preview | undefined {
    const pictures = this.#source.pictures()
    return pictures ? new Preview(pictures, video) : undefined
  }

  destroy(): void {
    this.#gone.abort()
    this.#source.destroy()
  }

  #tell(): void {
    const events = this.#quality.take()
    if (events.length > 0) this.options.tell(this.options.video.currentTime, events)
  }

  async #toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement) return document.exitFullscreen()
    // A phone that allows no element in full screen allows its video.
    await this.options.stage.requestFullscreen?.().catch(() => undefined)
  }
}
