import { expect, test } from 'vitest'
import { pathOf, placeOf, type Place } from './places.ts'

function check(place: Place, path: string) {
  expect(pathOf(place)).toBe(path)
  const [before = '', search] = path.split('?')
  expect(placeOf(before, search)).toEqual(place)
}

test('every place has one path and every path leads back', () => {
  check({ kind: 'home' }, '/')
  check({ kind: 'title', id: 'bo-lanterns' }, '/title/bo-lanterns')
  check({ kind: 'title', id: 'a/b c' }, '/title/a%2Fb%20c')
  check({ kind: 'watch', id: 'bo-lanterns' }, '/watch/bo-lanterns')
  check({ kind: 'watch', id: 'show', episode: 's1e2' }, '/watch/show/s1e2')
  check({ kind: 'search', q: '' }, '/search')
  check({ kind: 'search', q: 'film noir & more', of: 'movie', genre: 'horror' }, '/search?q=film+noir+%26+more&of=movie&genre=horror')
  check({ kind: 'person', id: 'ada' }, '/person/ada')
  check({ kind: 'list' }, '/list')
  check({ kind: 'history' }, '/history')
  check({ kind: 'settings' }, '/settings')
  check({ kind: 'account' }, '/account')
  check({ kind: 'profiles' }, '/profiles')
  check({ kind: 'profile', id: 'new' }, '/profiles/new')
  check({ kind: 'picks' }, '/picks')
  check({ kind: 'portal' }, '/partner/portal')
  check({ kind: 'link', code: '' }, '/link')
  check({ kind: 'link', code: 'BCDF-GHJK' }, '/link?code=BCDF-GHJK')
  check({ kind: 'sign-in' }, '/sign-in')
  check({ kind: 'sign-up' }, '/sign-up')
})

test('a path nobody made leads to a page that says so', () => {
  expect(placeOf('/nothing/here')).toEqual({ kind: 'lost', path: '/nothing/here' })
  expect(placeOf('/title')).toEqual({ kind: 'lost', path: '/title' })
  expect(placeOf('/title/%E0%A4%A')).toEqual({ kind: 'title', id: '%E0%A4%A' })
})
