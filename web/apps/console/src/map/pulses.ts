//! Lights travelling along the edges: a disc for what went well, a diamond for what failed, so that colour is not needed.
//!
//! One animation frame loop while something moves, none while nothing does. With reduced motion nothing travels;
//! the edge is lit for a moment instead.

import type { Hop } from '@bijou/api-client/console.ts'
import { HOP_SHOWN_MS, legsOf } from './journey.ts'

/** More at once would be a smear: the rest is in the numbers. */
const TRAVELLING_MAX = 90
const SVG = 'http://www.w3.org/2000/svg'

interface Travelling { path: SVGPathElement; length: number; starts_ms: number; mark: SVGElement; lit: boolean }

export class Pulses {
  #travelling: Travelling[] = []
  #frame = 0

  constructor(readonly layer: SVGGElement, readonly pathOf: (from: string, to: string) => SVGPathElement | undefined, readonly reached: (role: string) => void) {}

  send(hops: readonly Hop[]): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    for (const { hop, delay_ms } of legsOf(hops)) {
      const path = this.pathOf(hop.from, hop.to)
      if (!path) continue
      const failed = hop.outcome === 'failed'
      if (still || this.#travelling.length >= TRAVELLING_MAX) {
        this.#light(path, failed)
        this.reached(hop.to)
        continue
      }
      const mark = this.#mark(failed)
      this.#travelling.push({ path, length: path.getTotalLength(), starts_ms: performance.now() + delay_ms, mark, lit: false })
    }
    if (this.#frame === 0 && this.#travelling.length > 0) this.#frame = requestAnimationFrame((now) => this.#move(now))
  }

  stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    for (const each of this.#travelling) each.mark.remove()
    this.#travelling = []
  }

  #mark(failed: boolean): SVGElement {
    const mark = document.createElementNS(SVG, failed ? 'rect' : 'circle')
    if (failed) for (const [name, value] of Object.entries({ x: -6, y: -6, width: 12, height: 12 })) mark.setAttribute(name, String(value))
    else mark.setAttribute('r', '5')
    mark.setAttribute('class', failed ? 'pulse pulse--failed' : 'pulse')
    mark.setAttribute('visibility', 'hidden')
    this.layer.append(mark)
    return mark
  }

  #light(path: SVGPathElement, failed: boolean): void {
    const name = failed ? 'wire--failed' : 'wire--lit'
    path.classList.add(name)
    setTimeout(() => path.classList.remove(name), 500)
  }

  #move(now: number): void {
    this.#travelling = this.#travelling.filter((each) => {
      const share = (now - each.starts_ms) / HOP_SHOWN_MS
      if (share < 0) return true
      if (share >= 1) {
        each.mark.remove()
        this.reached(each.path.dataset['to'] ?? '')
        return false
      }
      const eased = 1 - (1 - share) ** 2
      const { x, y } = each.path.getPointAtLength(eased * each.length)
      const turn = each.mark.tagName === 'rect' ? ' rotate(45)' : ''
      each.mark.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})${turn}`)
      each.mark.removeAttribute('visibility')
      return true
    })
    this.#frame = this.#travelling.length > 0 ? requestAnimationFrame((next) => this.#move(next)) : 0
  }
}
