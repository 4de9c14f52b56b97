//! Controls go away when nobody moves. One timer; the page decides what "away" looks like.

export class IdleTimer {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly after_ms: number, readonly told: (idle: boolean) => void) {}

  /** Somebody moved, pressed or touched. */
  stir(): void {
    this.told(false)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.told(true), this.after_ms)
  }

  /** At once, for a tap on the picture. */
  settle(): void {
    clearTimeout(this.#timer)
    this.told(true)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
