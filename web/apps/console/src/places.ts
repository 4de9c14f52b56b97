//! Where the operator is, in the address's fragment: the server serves one page and never sees it.

import { createSignal } from 'solid-js'

export type Place =
  | { kind: 'overview' }
  | { kind: 'story'; id: string }
  | { kind: 'instance'; app: string; id: string }
  | { kind: 'audit' }

/** As somebody may have mistyped it by hand, it is taken as it stands. */
function readable(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function placeOf(fragment: string): Place {
  const [place, first, second] = fragment.replace(/^#\//, '').split('/').map(readable)
  if (place === 'requests' && first) return { kind: 'story', id: first }
  if (place === 'instances' && first && second) return { kind: 'instance', app: first, id: second }
  return place === 'audit' ? { kind: 'audit' } : { kind: 'overview' }
}

export function fragmentOf(place: Place): string {
  switch (place.kind) {
    case 'overview': return '#/'
    case 'audit': return '#/audit'
    case 'story': return `#/requests/${encodeURIComponent(place.id)}`
    case 'instance': return `#/instances/${encodeURIComponent(place.app)}/${encodeURIComponent(place.id)}`
  }
}

/** The printed link carries the operator's token where no server sees it. */
export const tokenOf = (fragment: string): string | undefined => /^#token=([^&]+)$/.exec(fragment)?.[1]

const fragmentNow = () => (typeof location === 'undefined' ? '' : location.hash)
const [here, setHere] = createSignal(placeOf(fragmentNow()))
export { here }

if (typeof addEventListener === 'function') addEventListener('hashchange', () => setHere(placeOf(fragmentNow())))
