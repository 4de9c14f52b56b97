//! Pictures of the film above the bar: key frames by themselves, a few kilobytes each, in a video element of their own.
//!
//! A hand moves faster than pictures come: only the place it points at last is asked for, and places that lie close
//! together are one. Left out: where the picture is drawn.

/** Of hls.js' player of key frames, what is used here. */
export interface Pictures {
  attachMedia(video: HTMLMediaElement): void
  loadMediaAt(time_s: number): void
  destroy(): void
}

/** Key frames lie two seconds apart. */
const APART_S = 2
const EVERY_MS = 120

export class Preview {
  #shown_s: number | undefined
  #wanted_s: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly pictures: Pictures, video: HTMLVideoElement) {
    pictures.attachMedia(video)
  }

  /** The picture at this place, soon. */
  show(at_s: number): void {
    const place_s = Math.floor(at_s / APART_S) * APART_S
    this.#wanted_s = place_s
    if (this.#timer !== undefined || place_s === this.#shown_s) return
    this.#load(place_s)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#wanted_s !== undefined && this.#wanted_s !== this.#shown_s) this.show(this.#wanted_s)
    }, EVERY_MS)
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.pictures.destroy()
  }

  #load(place_s: number): void {
    this.#shown_s = place_s
    this.pictures.loadMediaAt(place_s)
  }
}
