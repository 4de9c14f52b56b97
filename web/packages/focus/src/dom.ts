//! Arrow keys for a page: elements marked `data-focus-row` hold stops (links and buttons), this moves between them.
//!
//! Real focus of the browser, no second cursor: screen readers, Tab and the mouse see the same one.
//! Fields, sliders and whatever says `data-own-keys` keep their own arrow keys.

import { move, type Step } from './move.ts'

const STEPS: Record<string, Step> = {
  ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last',
}

const STOPS = 'a[href], button:not(:disabled)'
const OWN_KEYS = 'input, textarea, select, [role="slider"], [role="menu"], [data-own-keys]'

export function installArrowKeys(root: HTMLElement): () => void {
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const target = event.target instanceof Element ? event.target : undefined
    if (target?.closest(OWN_KEYS)) return
    const next = stopAfter(root, document.activeElement, step)
    if (!next) return
    event.preventDefault()
    land(next)
  }
  const page = root.ownerDocument
  // While keys lead, a mouse left lying on a card must not make a second one look chosen.
  const led = (by: 'keys' | 'pointer') => () => void (page.documentElement.dataset['led'] = by)
  const gone = new AbortController()
  page.addEventListener('keydown', led('keys'), { signal: gone.signal, capture: true })
  page.addEventListener('pointermove', led('pointer'), { signal: gone.signal, passive: true })
  page.addEventListener('keydown', onKey, { signal: gone.signal })
  return () => gone.abort()
}

/** Focuses a stop and brings it into view, whole, without moving more than needed. */
export function land(stop: HTMLElement): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  stop.focus({ preventScroll: true })
  stop.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: still ? 'auto' : 'smooth' })
}

function stopAfter(root: HTMLElement, from: Element | null, step: Step): HTMLElement | undefined {
  const stops = [...root.querySelectorAll<HTMLElement>('[data-focus-row]')].map((row) =>
    [...row.querySelectorAll<HTMLElement>(STOPS)].filter(isShown))
  const row = stops.findIndex((each) => each.some((stop) => stop === from))
  if (row < 0) {
    // Nothing marked has focus: the first arrow down enters the page, everything else is scrolling.
    const all = stops.flat()
    return step === 'down' && !isInside(root, from) ? all.find((stop) => stop.closest('main')) ?? all[0] : undefined
  }
  const stop = (stops[row] ?? []).findIndex((each) => each === from)
  const middles = stops.map((each) => each.map(middleOf))
  const to = move(middles, { row, stop }, step)
  return to && stops[to.row]?.[to.stop]
}

const isInside = (root: HTMLElement, element: Element | null) =>
  element !== null && element !== root.ownerDocument.body && element.matches(STOPS)

const isShown = (element: HTMLElement) => element.getClientRects().length > 0

function middleOf(element: HTMLElement): number {
  const { left, width } = element.getBoundingClientRect()
  return left + width / 2
}
