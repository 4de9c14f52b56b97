//! What a player shows, as one plain value, and the small store that hands it on. No framework, no DOM.

export type Phase =
  | { kind: 'opening' }
  | { kind: 'ready' }
  | { kind: 'playing' }
  | { kind: 'paused' }
  /** Wants to play and has nothing to play: filling up, or a service is coming back. */
  | { kind: 'waiting'; reconnecting: boolean }
  | { kind: 'ended' }
  | { kind: 'failed'; title: string; words: string; requestId?: string }

export interface CaptionTrack { id: number; label: string; language: string }

export type AudioTrack = CaptionTrack

export interface PlayerState {
  phase: Phase
  position_s: number
  duration_s: number
  buffered_s: number
  volume: number
  muted: boolean
  captions: CaptionTrack[]
  caption: number | undefined
  cues: string[]
  audios: AudioTrack[]
  audio: number | undefined
  fullScreen: boolean
}

export const initial: PlayerState = {
  phase: { kind: 'opening' }, position_s: 0, duration_s: 0, buffered_s: 0, volume: 1, muted: false,
  captions: [], caption: undefined, cues: [], audios: [], audio: undefined, fullScreen: false,
}

export class Store {
  #state = initial
  #listeners = new Set<(state: PlayerState) => void>()

  get state(): PlayerState {
    return this.#state
  }

  set(change: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener(this.#state)
  }

  subscribe(listener: (state: PlayerState) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#state)
    return () => this.#listeners.delete(listener)
  }
}
