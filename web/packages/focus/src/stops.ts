//! The page as the engine sees it: which elements are stops, to which group each belongs, which layer is on top.

import type { Box, Group, Step } from './place.ts'

const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
const GROUPS = '[data-focus-row], [data-focus-column], [data-focus-grid]'
/** Layers that keep focus inside while they are open. */
const SCOPES = '[data-focus-scope], dialog[open], [aria-modal="true"]'
const OUT = '[inert], [aria-hidden="true"], [data-focus-none]'

export interface FoundGroup extends Group {
  /** A name given by the page, else the element: names outlive a redraw. */
  readonly key: unknown
  readonly element: HTMLElement
  readonly elements: readonly HTMLElement[]
}

export function isStop(element: Element | null): element is HTMLElement {
  return element instanceof HTMLElement && element.matches(STOPS) && !element.matches(':disabled, [type="hidden"], [tabindex="-1"]')
    && element.closest(OUT) === null && isShown(element)
}

function isShown(element: HTMLElement): boolean {
  if (element.checkVisibility && !element.checkVisibility({ visibilityProperty: true })) return false
  return element.getClientRects().length > 0
}

/** The layer focus has to stay in: the one opened last, else the page. */
export function topScope(root: HTMLElement): HTMLElement {
  const open = [...root.ownerDocument.querySelectorAll<HTMLElement>(SCOPES)]
  return open.filter((scope) => isShown(scope) && scope.closest(OUT) === null).at(-1) ?? root
}

export function stopsIn(scope: ParentNode): HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(STOPS)].filter(isStop)
}

/** Every group of a layer in the order of the page; a stop outside of all is a group of its own. */
export function groupsIn(scope: HTMLElement, memory: Memory): FoundGroup[] {
  const found = new Map<HTMLElement, HTMLElement[]>()
  for (const stop of stopsIn(scope)) {
    const group = stop.closest<HTMLElement>(GROUPS)
    const holder = group && scope.contains(group) ? group : stop
    const stops = found.get(holder)
    if (stops) stops.push(stop)
    else found.set(holder, [stop])
  }
  return [...found].map(([element, elements]) => describe(element, elements, memory))
}

function describe(element: HTMLElement, elements: readonly HTMLElement[], memory: Memory): FoundGroup {
  const { focusRow, focusColumn, focusGrid, focusEnter, focusWrap, focusHold } = element.dataset
  const name = focusRow || focusColumn || focusGrid
  const key = name || element
  // Measured when asked for: a key press looks at two or three groups of a long page.
  let box: Box | undefined
  let stops: readonly Box[] | undefined
  return {
    key, element, elements,
    shape: focusGrid !== undefined ? 'grid' : focusColumn !== undefined ? 'column' : 'row',
    enter: focusEnter === 'near' || focusEnter === 'first' ? focusEnter : 'memory',
    wrap: focusWrap !== undefined,
    hold: (focusHold ?? '').split(' ') as Step[],
    get box() { return (box ??= element.getBoundingClientRect()) },
    get stops() { return (stops ??= elements.map((each) => each.getBoundingClientRect())) },
    get remembered() { return memory.recall(key, elements) },
  }
}

/** Which stop of each group had focus last. Named groups are remembered by name, also when they are drawn anew. */
export class Memory {
  readonly #named = new Map<string, { id: string; at: number }>()
  readonly #others = new WeakMap<object, { id: string; at: number }>()

  keep(key: unknown, id: string, at: number): void {
    if (typeof key === 'string') this.#named.set(key, { id, at })
    else this.#others.set(key as object, { id, at })
  }

  recall(key: unknown, elements: readonly HTMLElement[]): number | undefined {
    const kept = typeof key === 'string' ? this.#named.get(key) : this.#others.get(key as object)
    if (!kept) return undefined
    const same = kept.id === '' ? -1 : elements.findIndex((each) => each.id === kept.id)
    return same >= 0 ? same : Math.min(kept.at, elements.length - 1)
  }

  forget(): void {
    this.#named.clear()
  }
}

/** Keys that a field needs for itself; the others lead out of it, so that nobody is caught in one. */
export function isOwnKey(target: Element | null, step: Step): boolean {
  if (!target) return false
  if (target.closest('[data-own-keys]')) return true
  const sideways = step !== 'up' && step !== 'down'
  if (target.matches('textarea, [contenteditable="true"]')) return true
  if (target.matches('select')) return !sideways
  if (target.matches('[role="slider"], input[type="range"], input[type="radio"]')) return sideways
  if (!(target instanceof HTMLInputElement) || target.matches('[type="checkbox"], [type="button"], [type="submit"]')) return false
  if (!sideways) return false
  if (step === 'first' || step === 'last') return true
  const { selectionStart, selectionEnd, value } = target
  // Some kinds of field do not tell where the caret is: those can be left when empty.
  if (selectionStart === null) return value !== ''
  return step === 'left' ? selectionEnd !== 0 : selectionStart !== value.length
}
