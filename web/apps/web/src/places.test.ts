import { expect, test } from 'vitest'
import { pathOf, placeOf, type Place } from './places.ts'

function check(place: Place, path: string) {
  expect(pathOf(place)).toBe(path)
  expect(placeOf(path)).toEqual(place)
}

test('every place has one path and every path leads back', () => {
  check({ kind: 'home' }, '/')
  check({ kind: 'title', id: 'bo-lanterns' }, '/title/bo-lanterns')
  check({ kind: 'title', id: 'a/b c' }, '/title/a%2Fb%20c')
  check({ kind: 'watch', id: 'bo-lanterns' }, '/watch/bo-lanterns')
  check({ kind: 'watch', id: 'show', episode: 's1e2' }, '/watch/show/s1e2')
  check({ kind: 'account' }, '/account')
  check({ kind: 'sign-in' }, '/sign-in')
  check({ kind: 'sign-up' }, '/sign-up')
})

test('a path nobody made leads to a page that says so', () => {
  expect(placeOf('/nothing/here')).toEqual({ kind: 'lost', path: '/nothing/here' })
  expect(placeOf('/title')).toEqual({ kind: 'lost', path: '/title' })
  expect(placeOf('/title/%E0%A4%A')).toEqual({ kind: 'title', id: '%E0%A4%A' })
})
