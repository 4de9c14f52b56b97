//! The film itself: hls.js, loaded when it is first needed, and the remedies when something goes wrong.
//!
//! The full build of hls.js: the light one plays no separate audio and has no captions.

import type Hls from 'hls.js'
import type { ErrorData, HlsConfig, LoadPolicy } from 'hls.js'
import { NOTHING_TRIED, remedyFor, worthRepeating, type PlayerError, type Remedy, type Tried } from './recovery.ts'
import { renewalOf, renewed, type Renewal } from './token.ts'
import type { Store } from './state.ts'

export interface OpenedFilm {
  manifest: string
  /** The playback session and what is played, for CMCD. */
  session?: string
  content?: string
  duration_s: number
  expires_at?: string
  /** Where to begin; the beginning when absent. */
  resume_position_s?: number
}

export interface Refusal { title: string; words: string; requestId?: string }

/** Asks the platform for permission to play; called again whenever a token has to be renewed. */
export type OpenFilm = () => Promise<OpenedFilm | Refusal>

/** An error by hls.js's name for it, the status of the answer if there was one, and whether the film ends by it. */
export type Failing = (name: string, status: number | undefined, fatal: boolean) => void

type HlsClass = typeof Hls

const patient: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 8_000,
    maxLoadTimeMs: 30_000,
    timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: {
      maxNumRetry: 8, retryDelayMs: 250, maxRetryDelayMs: 2_000, backoff: 'exponential',
      shouldRetry: (retry, count, _timeout, response) =>
        retry != null && count < retry.maxNumRetry && worthRepeating(response?.code),
    },
  },
}

export class SourceController {
  #hls: Hls | undefined
  #Hls: HlsClass | undefined
  #manifest = ''
  #renewals: Renewal[] = []
  #renewing: Promise<void> | undefined
  #tried: Tried = NOTHING_TRIED
  #waiting: ReturnType<typeof setTimeout> | undefined
  #ended = false

  /** `speak` reports at once, out of turn: the answer says whether this player may go on. */
  constructor(
    readonly video: HTMLVideoElement, readonly store: Store, readonly open: OpenFilm, readonly speak: () => void,
    readonly failed: Failing,
  ) {
    video.addEventListener('timeupdate', () => {
      if (!video.paused && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.#tried = NOTHING_TRIED
    })
  }

  /** `made` gets the player before it loads anything, so that no event is missed. */
  async start(made: (hls: Hls, events: HlsClass['Events']) => void): Promise<void> {
    const [film, library] = await Promise.all([this.open(), import('hls.js')])
    if (this.#ended) return
    if (!('manifest' in film)) return this.#fail(film)
    this.#manifest = film.manifest
    const from_s = film.resume_position_s ?? 0
    this.store.set({ duration_s: film.duration_s, position_s: from_s })
    this.#Hls = library.default
    if (!this.#Hls.isSupported()) return this.#playNatively(film.manifest, from_s)
    this.#hls = new this.#Hls({ ...this.#config(film), startPosition: from_s > 0 ? from_s : -1 })
    this.#hls.on(this.#Hls.Events.ERROR, (_, data) => this.#onError(data))
    made(this.#hls, this.#Hls.Events)
    this.#hls.attachMedia(this.video)
    this.#hls.loadSource(film.manifest)
  }

  /** A small silent player of single pictures, where the film has some. Its owner destroys it. */
  pictures(): ReturnType<Hls['createIFramePlayer']> {
    return this.#hls?.createIFramePlayer() ?? null
  }

  destroy(): void {
    this.#ended = true
    clearTimeout(this.#waiting)
    this.#hls?.destroy()
    this.video.removeAttribute('src')
  }

  #config({ session, content }: OpenedFilm): Partial<HlsConfig> {
    return {
      // In headers: a query would make another address of each segment, for every cache on the way.
      ...(session && { cmcd: { sessionId: session, ...(content && { contentId: content }), useHeaders: true, version: 1 } }),
      // CMAF needs no remuxing worth a worker, and a worker from a blob would need a wider content security policy.
      enableWorker: false,
      // `captions.ts` keeps the cues itself.
      renderTextTracksNatively: false,
      capLevelToPlayerSize: true,
      maxBufferLength: 30,
      backBufferLength: 60,
      manifestLoadPolicy: patient,
      playlistLoadPolicy: patient,
      fragLoadPolicy: patient,
      xhrSetup: (xhr, url) => {
        const current = renewed(url, this.#renewals)
        if (current !== url) xhr.open('GET', current, true)
      },
    }
  }

  /** Safari on phones plays HLS itself and has no way to be helped with tokens. */
  #playNatively(manifest: string, from_s: number): void {
    if (this.video.canPlayType('application/vnd.apple.mpegurl') === '') {
      return this.#fail({ title: 'This browser cannot play films', words: 'It has no Media Source Extensions. A current Chrome, Edge, Firefox or Safari has.' })
    }
    this.video.src = manifest
    this.video.addEventListener('loadedmetadata', () => (this.video.currentTime = from_s), { once: true })
  }

  #onError(data: ErrorData): void {
    if (this.#ended) return
    const remedy = remedyFor(this.#read(data), this.#tried)
    this.failed(data.details, data.response?.code, remedy.kind === 'give-up')
    void this.#apply(remedy, data)
  }

  #read(data: ErrorData): PlayerError {
    const types = this.#Hls?.ErrorTypes
    const area = data.type === types?.NETWORK_ERROR ? 'network' : data.type === types?.MEDIA_ERROR ? 'media' : 'other'
    const status = data.response?.code
    return { area, fatal: data.fatal, ...(status !== undefined && { status }) }
  }

  async #apply(remedy: Remedy, data: ErrorData): Promise<void> {
    switch (remedy.kind) {
      case 'ignore': return
      case 'restart-decoder':
        this.#tried = { ...this.#tried, decoders: this.#tried.decoders + 1 }
        return this.#hls?.recoverMediaError()
      case 'speak':
        this.speak()
        return this.#loadAfter(remedy.after_ms)
      case 'load-again':
        return this.#loadAfter(remedy.after_ms)
      case 'renew-token':
        this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined))
        return this.#renewing
      case 'give-up':
        return this.#fail(data.response?.code === 404
          ? { title: 'The reel is missing', words: 'Playback has no such film any more. The other films play as always.' }
          : { title: 'The film stopped', words: `The player could not go on (${data.details}). Try again; it starts where it stopped.` })
    }
  }

  async #renew(): Promise<void> {
    this.#tried = { ...this.#tried, renewals: this.#tried.renewals + 1 }
    const film = await this.open()
    if (this.#ended) return
    if (!('manifest' in film)) return this.#fail(film)
    const renewal = renewalOf(renewed(this.#manifest, this.#renewals), film.manifest)
    if (renewal) {
      this.#renewals.push(renewal)
      return this.#load()
    }
    // Another asset: what is in the buffer belongs to the old one.
    this.#manifest = film.manifest
    this.#renewals = []
    const position = this.video.currentTime
    this.#hls?.loadSource(film.manifest)
    this.#hls?.once(this.#Hls!.Events.MANIFEST_PARSED, () => (this.video.currentTime = position))
  }

  #loadAfter(after_ms: number): void {
    this.#tried = { ...this.#tried, loads: this.#tried.loads + 1 }
    this.store.set({ phase: { kind: 'waiting', reconnecting: true } })
    clearTimeout(this.#waiting)
    this.#waiting = setTimeout(() => this.#load(), after_ms)
  }

  #load(): void {
    const hls = this.#hls
    if (!hls) return
    if (hls.levels.length === 0) return hls.loadSource(renewed(this.#manifest, this.#renewals))
    // A level that failed keeps its error; choosing it anew clears that.
    hls.nextLoadLevel = Math.max(0, hls.nextLoadLevel)
    hls.startLoad(this.video.currentTime || -1)
  }

  #fail(refusal: Refusal): void {
    clearTimeout(this.#waiting)
    this.#hls?.stopLoad()
    this.store.set({ phase: { kind: 'failed', ...refusal } })
  }
}
