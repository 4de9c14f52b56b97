//! Every address of the app, both ways: from a path to a place and back. The only file that knows how paths look.

export type Place =
  | { kind: 'home' }
  | { kind: 'title'; id: string }
  | { kind: 'watch'; id: string; episode?: string }
  | { kind: 'account' }
  | { kind: 'sign-in' }
  | { kind: 'sign-up' }
  | { kind: 'lost'; path: string }

const part = encodeURIComponent

export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'home': return '/'
    case 'title': return `/title/${part(place.id)}`
    case 'watch': return place.episode ? `/watch/${part(place.id)}/${part(place.episode)}` : `/watch/${part(place.id)}`
    case 'account': return '/account'
    case 'sign-in': return '/sign-in'
    case 'sign-up': return '/sign-up'
    case 'lost': return place.path
  }
}

export function placeOf(path: string): Place {
  const [first = '', second, third, ...rest] = path.split('/').filter(Boolean).map(plain)
  if (rest.length === 0) {
    if (first === '') return { kind: 'home' }
    if (first === 'title' && second && !third) return { kind: 'title', id: second }
    if (first === 'watch' && second) return { kind: 'watch', id: second, ...(third && { episode: third }) }
    if (!second && (first === 'account' || first === 'sign-in' || first === 'sign-up')) return { kind: first }
  }
  return { kind: 'lost', path }
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
