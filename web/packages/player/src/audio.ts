//! Sound tracks: which there are and which is heard. The language last chosen is kept from film to film.

import type Hls from 'hls.js'
import type { AudioTracksUpdatedData } from 'hls.js'
import type { Store } from './state.ts'

const KEY = 'bijou.audio'

export class AudioController {
  #hls: Hls | undefined

  /** `wish` is a language to begin with when none was ever chosen here. */
  constructor(readonly store: Store, readonly wish: string | undefined) {}

  attach(hls: Hls, events: typeof Hls.Events): void {
    this.#hls = hls
    hls.on(events.AUDIO_TRACKS_UPDATED, (_, data) => this.#offer(data))
    hls.on(events.AUDIO_TRACK_SWITCHED, (_, { id }) => this.store.set({ audio: id }))
  }

  choose(id: number): void {
    if (!this.#hls) return
    this.#hls.audioTrack = id
    const language = this.store.state.audios.find((track) => track.id === id)?.language
    if (language) localStorage.setItem(KEY, language)
    this.store.set({ audio: id })
  }

  #offer({ audioTracks }: AudioTracksUpdatedData): void {
    if (!this.#hls) return
    const audios = audioTracks.map((track, id) => ({ id, label: track.name, language: track.lang ?? '' }))
    const wanted = trackFor(audios, localStorage.getItem(KEY) ?? this.wish)
    if (wanted !== undefined && wanted !== this.#hls.audioTrack) this.#hls.audioTrack = wanted
    this.store.set({ audios, audio: wanted ?? Math.max(0, this.#hls.audioTrack) })
  }
}

/** The track in a language: the very tag, else the same language of another place. */
export function trackFor(tracks: readonly { id: number; language: string }[], wish: string | null | undefined): number | undefined {
  if (!wish) return undefined
  const primary = (tag: string) => tag.toLowerCase().split('-')[0]
  return (tracks.find((track) => track.language === wish) ?? tracks.find((track) => primary(track.language) === primary(wish)))?.id
}
