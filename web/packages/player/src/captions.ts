//! Captions: which there are, which is chosen, and the lines of this moment.
//!
//! The lines are handed to the page to draw, so that they keep clear of the controls and can be styled. hls.js gives the
//! cues; one track of kind `metadata`, which no browser draws, says when each begins and ends.

import type Hls from 'hls.js'
import type { CuesParsedData, SubtitleTracksUpdatedData } from 'hls.js'
import { trackFor } from './audio.ts'
import type { Store } from './state.ts'

const KEY = 'bijou.captions'
/** Kept instead of a language by somebody who turned them off, so that a profile's wish does not turn them on again. */
const OFF = 'off'

export class CaptionsController {
  #hls: Hls | undefined
  #cues = new Map<string, Map<string, VTTCue>>()
  readonly #clock: TextTrack
  readonly #store: Store

  constructor(video: HTMLVideoElement, store: Store, gone: AbortSignal, readonly wish?: string) {
    this.#store = store
    this.#clock = [...video.textTracks].find((track) => track.label === KEY) ?? video.addTextTrack('metadata', KEY)
    this.#clock.mode = 'hidden'
    this.#draw(undefined)
    this.#clock.addEventListener('cuechange', () => store.set({ cues: linesOf(this.#clock) }), { signal: gone })
  }

  attach(hls: Hls, events: typeof Hls.Events): void {
    this.#hls = hls
    hls.on(events.SUBTITLE_TRACKS_UPDATED, (_, data) => this.#offer(data))
    hls.on(events.CUES_PARSED, (_, data) => this.#keep(data))
  }

  choose(id: number | undefined): void {
    if (!this.#hls) return
    this.#hls.subtitleTrack = id ?? -1
    const language = this.#store.state.captions.find((track) => track.id === id)?.language
    if (language) localStorage.setItem(KEY, language)
    else localStorage.setItem(KEY, OFF)
    this.#store.set({ caption: id, cues: [] })
    this.#draw(id)
  }

  /** On with the language last used, or off. */
  toggle(): void {
    const { captions, caption } = this.#store.state
    if (caption !== undefined) return this.choose(undefined)
    const [own] = navigator.language.split('-')
    const track = captions.find((each) => each.language.startsWith(own ?? 'en')) ?? captions[0]
    if (track) this.choose(track.id)
  }

  #offer({ subtitleTracks }: SubtitleTracksUpdatedData): void {
    if (!this.#hls) return
    const captions = subtitleTracks.map((track, id) => ({ id, label: track.name, language: track.lang ?? '' }))
    const wanted = trackFor(captions, localStorage.getItem(KEY) ?? this.wish)
    // Off unless asked for, whatever the manifest marks as default.
    this.#hls.subtitleTrack = wanted ?? -1
    this.#store.set({ captions, caption: wanted })
    this.#draw(wanted)
  }

  /** A segment is parsed once, however often its track is chosen; its cues are kept for the next time. */
  #keep({ type, cues, subtitleTrack }: CuesParsedData): void {
    const key = subtitleTrack?.url
    if (type !== 'subtitles' || key === undefined) return
    const known = this.#cues.get(key) ?? new Map<string, VTTCue>()
    this.#cues.set(key, known)
    const chosen = this.#keyOf(this.#store.state.caption) === key
    for (const cue of cues as VTTCue[]) {
      // A cue over the edge of two segments comes with both.
      const id = `${cue.startTime} ${cue.endTime} ${cue.text}`
      if (known.has(id)) continue
      known.set(id, cue)
      if (chosen) this.#clock.addCue(cue)
    }
  }

  #keyOf(id: number | undefined): string | undefined {
    return id === undefined ? undefined : this.#hls?.subtitleTracks[id]?.url
  }

  #draw(id: number | undefined): void {
    for (const cue of [...(this.#clock.cues ?? [])]) this.#clock.removeCue(cue)
    const key = this.#keyOf(id)
    for (const cue of (key === undefined ? undefined : this.#cues.get(key))?.values() ?? []) this.#clock.addCue(cue)
  }
}

function linesOf(track: TextTrack): string[] {
  return [...(track.activeCues ?? [])].flatMap((cue) => (cue instanceof VTTCue ? plain(cue).split('\n') : []))
}

function plain(cue: VTTCue): string {
  const holder = document.createElement('div')
  holder.append(cue.getCueAsHTML())
  return holder.textContent ?? ''
}
