//! Captions: which there are, which is chosen, and the lines of this moment.
//!
//! The lines are handed to the page to draw, so that they keep clear of the controls and can be styled; the browser draws none.

import type Hls from 'hls.js'
import type { Store } from './state.ts'

const KEY = 'bijou.captions'

export class CaptionsController {
  #hls: Hls | undefined
  readonly #store: Store

  constructor(video: HTMLVideoElement, store: Store, gone: AbortSignal) {
    this.#store = store
    const tell = () => store.set({ cues: this.#hls?.subtitleTrack === -1 ? [] : linesOf(video.textTracks) })
    video.textTracks.addEventListener('addtrack', ({ track }) => {
      track?.addEventListener('cuechange', tell, { signal: gone })
    }, { signal: gone })
  }

  attach(hls: Hls): void {
    this.#hls = hls
    hls.subtitleDisplay = false
    hls.on('hlsSubtitleTracksUpdated' as never, (() => this.#offer()) as never)
  }

  choose(id: number | undefined): void {
    if (!this.#hls) return
    this.#hls.subtitleTrack = id ?? -1
    const language = this.#store.state.captions.find((track) => track.id === id)?.language
    if (language) localStorage.setItem(KEY, language)
    else localStorage.removeItem(KEY)
    this.#store.set({ caption: id, cues: [] })
  }

  /** On with the language last used, or off. */
  toggle(): void {
    const { captions, caption } = this.#store.state
    if (caption !== undefined) return this.choose(undefined)
    const [own] = navigator.language.split('-')
    const track = captions.find((each) => each.language.startsWith(own ?? 'en')) ?? captions[0]
    if (track) this.choose(track.id)
  }

  #offer(): void {
    if (!this.#hls) return
    const captions = this.#hls.subtitleTracks.map((track, id) => ({ id, label: track.name, language: track.lang ?? '' }))
    this.#store.set({ captions })
    const kept = localStorage.getItem(KEY)
    const wanted = captions.find((track) => track.language === kept)
    // Off unless asked for, whatever the manifest marks as default.
    this.#hls.subtitleTrack = wanted?.id ?? -1
    this.#store.set({ caption: wanted?.id })
  }
}

function linesOf(tracks: TextTrackList): string[] {
  return [...tracks].filter((track) => track.mode !== 'disabled').flatMap((track) =>
    [...(track.activeCues ?? [])].flatMap((cue) => (cue instanceof VTTCue ? plain(cue).split('\n') : [])))
}

function plain(cue: VTTCue): string {
  const holder = document.createElement('div')
  holder.append(cue.getCueAsHTML())
  return holder.textContent ?? ''
}
