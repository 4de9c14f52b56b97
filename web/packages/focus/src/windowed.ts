//! Long lists of which only the part in view is drawn: which part that is, and how focus walks past its edge.

import type { Step } from './place.ts'

export interface View { offset_px: number; view_px: number; pitch_px: number; count: number; spare: number }

export interface Range { from: number; to: number }

/** The items to draw, `to` excluded. Never leaves out `kept`, the one that has focus. */
export function rangeOf({ offset_px, view_px, pitch_px, count, spare }: View, kept?: number): Range {
  if (count === 0 || pitch_px <= 0) return { from: 0, to: Math.min(count, 2 * spare + 1) }
  const first = Math.floor(offset_px / pitch_px)
  const shown = Math.ceil(view_px / pitch_px)
  const from = Math.max(0, Math.min(first - spare, count - shown))
  const to = Math.min(count, Math.max(first + shown + spare, shown))
  if (kept === undefined || kept < 0 || kept >= count) return { from, to }
  return { from: Math.min(from, kept), to: Math.max(to, kept + 1) }
}

/**
 * The neighbour of `at` in a list that is drawn in part (`data-focus-count`, items with `data-focus-index`).
 * When it is not drawn, the list is asked for it by the event `focusneed`, to be answered at once.
 */
export function needed(list: HTMLElement, at: HTMLElement, shape: 'row' | 'column' | 'grid', step: Step): HTMLElement | undefined {
  const count = Number(list.dataset['focusCount'] ?? 0)
  const item = at.closest<HTMLElement>('[data-focus-index]')
  if (count === 0 || !item || !list.contains(item)) return undefined
  const index = indexAfter(Number(item.dataset['focusIndex']), count, shape, step)
  if (index === undefined) return undefined
  const find = () => list.querySelector<HTMLElement>(`[data-focus-index="${index}"]`)
  if (!find()) list.dispatchEvent(new CustomEvent('focusneed', { detail: { index } }))
  const drawn = find()
  return drawn?.matches('a, button, input') ? drawn : drawn?.querySelector<HTMLElement>('a, button, input') ?? undefined
}

export function indexAfter(index: number, count: number, shape: 'row' | 'column' | 'grid', step: Step): number | undefined {
  const along = shape === 'row' ? { left: -1, right: 1 } : shape === 'column' ? { up: -1, down: 1 } : {}
  const by = (along as Partial<Record<Step, number>>)[step]
  const to = step === 'first' ? 0 : step === 'last' ? count - 1 : by === undefined ? undefined : index + by
  return to === undefined || to === index || to < 0 || to >= count ? undefined : to
}

/**
 * Tells which items of a scrolling row to draw, whenever that changes. Every item is `pitch_px` wide with its gap.
 * Keeps what has focus, and what focus asks for by `focusneed`.
 */
export function watchRow(
  rail: HTMLElement, list: { count: () => number; pitch_px: () => number; spare: number }, draw: (range: Range) => void,
): () => void {
  const gone = new AbortController()
  let last: Range = { from: 0, to: 0 }
  const look = (asked?: number) => {
    const focused = rail.contains(document.activeElement) ? document.activeElement?.closest<HTMLElement>('[data-focus-index]') : null
    const kept = asked ?? (focused ? Number(focused.dataset['focusIndex']) : undefined)
    const range = rangeOf({
      offset_px: rail.scrollLeft, view_px: rail.clientWidth, pitch_px: list.pitch_px(), count: list.count(), spare: list.spare,
    }, kept)
    if (range.from === last.from && range.to === last.to) return
    // While the next is asked for, the one that has focus stays too.
    last = asked === undefined || !focused ? range : { from: Math.min(range.from, Number(focused.dataset['focusIndex'])), to: Math.max(range.to, Number(focused.dataset['focusIndex']) + 1) }
    draw(last)
  }
  let waiting = 0
  const soon = () => {
    cancelAnimationFrame(waiting)
    waiting = requestAnimationFrame(() => look())
  }
  rail.addEventListener('scroll', soon, { signal: gone.signal, passive: true })
  rail.addEventListener('focusneed', (event) => look((event as CustomEvent<{ index: number }>).detail.index), { signal: gone.signal })
  const size = new ResizeObserver(soon)
  size.observe(rail)
  look()
  return () => {
    gone.abort()
    size.disconnect()
    cancelAnimationFrame(waiting)
  }
}
