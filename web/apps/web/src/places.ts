//! Every address of the app, both ways: from a path to a place and back. The only file that knows how paths look.

export type Place =
  | { kind: 'home' }
  | { kind: 'title'; id: string }
  | { kind: 'watch'; id: string; episode?: string }
  | { kind: 'search'; q: string; of?: string; genre?: string }
  | { kind: 'person'; id: string }
  | { kind: 'list' }
  | { kind: 'history' }
  | { kind: 'settings' }
  | { kind: 'account' }
  | { kind: 'profiles' }
  | { kind: 'profile'; id: string }
  | { kind: 'picks' }
  | { kind: 'sign-in' }
  | { kind: 'sign-up' }
  | { kind: 'portal' }
  | { kind: 'link'; code: string }
  | { kind: 'lost'; path: string }

/** Places that are one word. */
const WORDS = ['list', 'history', 'settings', 'account', 'profiles', 'picks', 'sign-in', 'sign-up'] as const

/** In the place of an id: the profile that is being made. */
export const NEW = 'new'

const part = encodeURIComponent

export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'home': return '/'
    case 'title': return `/title/${part(place.id)}`
    case 'watch': return place.episode ? `/watch/${part(place.id)}/${part(place.episode)}` : `/watch/${part(place.id)}`
    case 'search': {
      const asked = new URLSearchParams({ ...(place.q && { q: place.q }), ...(place.of && { of: place.of }), ...(place.genre && { genre: place.genre }) })
      return asked.size > 0 ? `/search?${asked}` : '/search'
    }
    case 'person': return `/person/${part(place.id)}`
    case 'profile': return `/profiles/${part(place.id)}`
    case 'portal': return '/partner/portal'
    case 'link': return place.code ? `/link?code=${part(place.code)}` : '/link'
    case 'lost': return place.path
    default: return `/${place.kind}`
  }
}

export function placeOf(path: string, search = ''): Place {
  const [first = '', second, third, ...rest] = path.split('/').filter(Boolean).map(plain)
  if (rest.length === 0) {
    if (first === '') return { kind: 'home' }
    if (first === 'title' && second && !third) return { kind: 'title', id: second }
    if (first === 'watch' && second) return { kind: 'watch', id: second, ...(third && { episode: third }) }
    if (first === 'person' && second && !third) return { kind: 'person', id: second }
    if (first === 'profiles' && second && !third) return { kind: 'profile', id: second }
    if (first === 'search' && !second) return searched(new URLSearchParams(search))
    if (first === 'partner' && second === 'portal' && !third) return { kind: 'portal' }
    if (first === 'link' && !second) return { kind: 'link', code: new URLSearchParams(search).get('code') ?? '' }
    const word = WORDS.find((each) => each === first)
    if (word && !second) return { kind: word }
  }
  return { kind: 'lost', path }
}

function searched(asked: URLSearchParams): Place {
  const [q, of, genre] = [asked.get('q') ?? '', asked.get('of'), asked.get('genre')]
  return { kind: 'search', q, ...(of && { of }), ...(genre && { genre }) }
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
