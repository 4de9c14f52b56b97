//! Which cards were really looked at: in view for a second, by half or more. Told in small batches, never in anybody's way.

import type { Impression } from '@bijou/api-client/types.ts'

const LOOKED_MS = 1000
const TELL_MS = 5000
/** As the platform takes at once. */
const BATCH_MAX = 200

export class SeenLog {
  #waiting: Impression[] = []
  readonly #told = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly send: (items: Impression[]) => void) {}

  /** Once for every card: its name says page and place. */
  add(seen: Impression): void {
    if (this.#told.has(seen.card)) return
    this.#told.add(seen.card)
    this.#waiting.push(seen)
    if (this.#waiting.length >= BATCH_MAX) return this.flush()
    this.#timer ??= setTimeout(() => this.flush(), TELL_MS)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const items = this.#waiting
    this.#waiting = []
    if (items.length > 0) this.send(items)
  }

  /** Cards are signed for one person: what the last one saw is not told in the next one's name. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
    this.#told.clear()
  }
}

/** Watches elements of the page; what leaves it is let go by itself. */
export function watchSeen(log: SeenLog): (element: Element, seen: Impression) => void {
  const known = new WeakMap<Element, { seen: Impression; timer?: ReturnType<typeof setTimeout> | undefined }>()
  const eye = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const each = known.get(target)
      if (!each) continue
      clearTimeout(each.timer)
      each.timer = undefined
      if (!isIntersecting) continue
      each.timer = setTimeout(() => {
        log.add(each.seen)
        eye.unobserve(target)
      }, LOOKED_MS)
    }
  }, { threshold: 0.5 })
  addEventListener('pagehide', () => log.flush())
  return (element, seen) => {
    known.set(element, { seen })
    eye.observe(element)
  }
}
