//! Where the operator is, in the address's fragment: the server serves one page and never sees it.

import { createSignal } from 'solid-js'

export type Place = { kind: 'overview' } | { kind: 'story'; id: string }

export function placeOf(fragment: string): Place {
  const id = /^#\/requests\/([^/]+)$/.exec(fragment)?.[1]
  return id === undefined ? { kind: 'overview' } : { kind: 'story', id: decodeURIComponent(id) }
}

export function fragmentOf(place: Place): string {
  return place.kind === 'overview' ? '#/' : `#/requests/${encodeURIComponent(place.id)}`
}

/** The printed link carries the operator's token where no server sees it. */
export const tokenOf = (fragment: string): string | undefined => /^#token=([^&]+)$/.exec(fragment)?.[1]

const fragmentNow = () => (typeof location === 'undefined' ? '' : location.hash)
const [here, setHere] = createSignal(placeOf(fragmentNow()))
export { here }

if (typeof addEventListener === 'function') addEventListener('hashchange', () => setHere(placeOf(fragmentNow())))
