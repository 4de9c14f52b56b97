//! The browser's history as a signal. Plain links work by themselves; this only catches their clicks.
//!
//! Coming back puts focus where it was, so that a person with a keyboard never starts over.

import { createSignal, type Accessor } from 'solid-js'
import { pathOf, placeOf, type Place } from './places.ts'

const [place, setPlace] = createSignal<Place>(placeOf(location.pathname, location.search))
let arrivedBack = false

export const here: Accessor<Place> = place

/** True when the page was reached by going back or forth, so that its own place for focus should win. */
export const cameBack = (): boolean => arrivedBack

export const rememberedFocus = (): string | undefined => (history.state as { focus?: string } | null)?.focus

export function go(to: Place, how: 'push' | 'replace' = 'push'): void {
  const focus = document.activeElement?.id
  if (how === 'push') {
    history.replaceState({ ...history.state, ...(focus && { focus }) }, '')
    history.pushState({ inside: true }, '', pathOf(to))
  } else {
    history.replaceState(history.state, '', pathOf(to))
  }
  arrivedBack = false
  setPlace(to)
  scrollTo(0, 0)
}

/** The same screen with another address: what is written in the search field. Neither scrolls nor moves focus. */
export function readdress(to: Place): void {
  history.replaceState(history.state, '', pathOf(to))
}

/** One step back inside the app; when it was entered here, to the place given instead. */
export function goBack(otherwise: Place): void {
  if ((history.state as { inside?: boolean } | null)?.inside) history.back()
  else go(otherwise, 'replace')
}

export function installRouter(): void {
  addEventListener('popstate', () => {
    arrivedBack = true
    setPlace(placeOf(location.pathname, location.search))
  })
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return
    if (link.hash) return
    event.preventDefault()
    if (document.activeElement !== link) link.focus({ preventScroll: true })
    go(placeOf(link.pathname, link.search))
  })
}
