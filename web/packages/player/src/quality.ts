//! How well it plays, as the viewer sees it: when the first picture came, when it stood still, which size was chosen and
//! why, what went wrong. Collected in small batches that ride with the reports; whoever plays waits for none of it.
//!
//! The measures are those of CMCD (CTA-5004 version 1), which hls.js sends with each segment too.

import type Hls from 'hls.js'
import type { PlayerEvent } from '@bijou/api-client/types.ts'

/** A batch waits this long for company. */
const FLUSH_MS = 10_000
/** What playback takes at once; of more the newest are told. */
const EVENTS_MAX = 64
/** A picture that stands shorter is nobody's trouble. */
const STALL_MS = 250

/** The parts of a video element that matter here. */
export type Watched = EventTarget & Pick<HTMLVideoElement, 'currentTime' | 'paused' | 'seeking' | 'readyState'> & { readonly buffered: Pick<TimeRanges, 'length' | 'start' | 'end'> }

/** The parts of hls.js that are asked. */
export type Measured = Pick<Hls, 'levels' | 'currentLevel' | 'autoLevelCapping' | 'bandwidthEstimate'>

type Told = Omit<PlayerEvent, 'kind' | 'at_ms' | 'position_s'>

export class Quality {
  #events: PlayerEvent[] = []
  #hls: Measured | undefined
  #seen = false
  #stall: { since: number; told: boolean; timer: ReturnType<typeof setTimeout> } | undefined
  #flush: ReturnType<typeof setTimeout> | undefined
  readonly #began: number

  /** `tell` is called when a batch is due; `take` empties it. */
  constructor(readonly video: Watched, readonly tell: () => void, gone: AbortSignal, readonly now: () => number = () => performance.now()) {
    this.#began = now()
    const on = (event: string, handler: () => void) => video.addEventListener(event, handler, { signal: gone })
    on('playing', () => {
      this.#shown()
      this.#moves()
    })
    on('timeupdate', () => this.#stall && !video.paused && video.readyState > 2 && this.#moves())
    on('waiting', () => this.#stands())
    on('seeking', () => this.#moves())
    on('pause', () => this.#moves())
    on('ended', () => this.#note('ended'))
    gone.addEventListener('abort', () => {
      this.#moves()
      clearTimeout(this.#flush)
    }, { once: true })
  }

  attach(hls: Hls, events: typeof Hls.Events): void {
    this.#hls = hls
    hls.on(events.LEVEL_SWITCHED, (_, { level }) => this.switched(level))
  }

  /** hls.js plays another rendition. */
  switched(level: number): void {
    const hls = this.#hls
    const rendition = hls?.levels[level]
    if (!hls || !rendition) return
    const capped = hls.autoLevelCapping >= 0 && level >= hls.autoLevelCapping
    const reason = !this.#seen ? 'first' : level === hls.levels.length - 1 ? 'top' : capped ? 'screen_size' : 'throughput'
    this.#note('rendition_switched', { reason, bitrate_kbps: whole(rendition.bitrate / 1000), height: whole(rendition.height) })
  }

  /** For tests, which have no hls.js. */
  measureBy(hls: Measured): void {
    this.#hls = hls
  }

  /** Something went wrong; `fatal`: the film is over by it, which is told at once. */
  failed(name: string, status: number | undefined, fatal: boolean): void {
    const error = name.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64) || 'unknown'
    this.#note('error', { error, fatal, ...(status !== undefined && { status }) })
    if (fatal) this.tell()
  }

  take(): PlayerEvent[] {
    clearTimeout(this.#flush)
    this.#flush = undefined
    return this.#events.splice(0)
  }

  /** Data ran out. After a jump it has to be fetched first: that is no stall. */
  #stands(): void {
    if (!this.#seen || this.#stall || this.video.paused || this.video.seeking) return
    const stall = {
      since: this.now(), told: false,
      timer: setTimeout(() => {
        stall.told = true
        this.#note('stall_began', {}, stall.since)
      }, STALL_MS),
    }
    this.#stall = stall
  }

  #shown(): void {
    if (this.#seen) return
    this.#seen = true
    this.#note('startup', { duration_ms: whole(this.now() - this.#began) })
  }

  /** The picture moves again, or nobody waits for it any more. */
  #moves(): void {
    const stall = this.#stall
    this.#stall = undefined
    if (!stall) return
    clearTimeout(stall.timer)
    if (stall.told) this.#note('stall_ended', { duration_ms: whole(this.now() - stall.since) })
  }

  #note(kind: PlayerEvent['kind'], told: Told = {}, at = this.now()): void {
    const rendition = this.#hls?.levels[this.#hls.currentLevel]
    const throughput = this.#hls?.bandwidthEstimate
    this.#events.push({
      kind, at_ms: whole(at - this.#began), position_s: Math.max(0, Math.round(this.video.currentTime * 1000) / 1000),
      buffer_ms: whole(ahead(this.video) * 1000),
      ...(rendition && { bitrate_kbps: whole(rendition.bitrate / 1000), height: whole(rendition.height) }),
      ...(throughput !== undefined && Number.isFinite(throughput) && { throughput_kbps: whole(throughput / 1000) }),
      ...told,
    })
    if (this.#events.length > EVENTS_MAX) this.#events.shift()
    this.#flush ??= setTimeout(this.tell, FLUSH_MS)
  }
}

const whole = (value: number) => Math.min(4_294_967_295, Math.max(0, Math.round(value) || 0))

/** Seconds loaded beyond what is shown. */
function ahead({ buffered, currentTime }: Watched): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= currentTime + 0.25 && buffered.end(at) >= currentTime) return buffered.end(at) - currentTime
  }
  return 0
}
