//! How a key that stays down is paced: one step a frame, and OK that is held means more. The clock comes from outside.

/** A held key repeats faster than a slow screen draws: steps nobody sees would only make focus run away. */
export class Pace {
  #stepped = false

  constructor(readonly nextFrame: (then: () => void) => void) {}

  /** Whether this key may step. A fresh press always may; a repeat only once the last step has been drawn. */
  takes(repeat: boolean): boolean {
    return !repeat || !this.#stepped
  }

  stepped(): void {
    this.#stepped = true
    this.nextFrame(() => (this.#stepped = false))
  }
}

/** As long as OK is down before it means "more". Longer than any press, shorter than patience. */
export const HELD_MS = 500

export interface Timer { start(ms: number, then: () => void): void; stop(): void }

/**
 * OK on a thing that has more: a press when it is let go in time, "more" when it is not. What comes of the key after
 * that belongs to nobody, so that the layer which opened is not pressed by the same finger.
 */
export class Hold<Thing> {
  #on: Thing | undefined

  constructor(readonly timer: Timer, readonly told: { press(thing: Thing): void; more(thing: Thing): void }) {}

  down(thing: Thing): void {
    this.#on = thing
    this.timer.start(HELD_MS, () => {
      this.#on = undefined
      this.told.more(thing)
    })
  }

  up(): void {
    const thing = this.#on
    this.forget()
    if (thing !== undefined) this.told.press(thing)
  }

  forget(): void {
    this.timer.stop()
    this.#on = undefined
  }
}
