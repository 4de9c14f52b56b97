import { expect, test } from 'vitest'
import { trackFor } from './audio.ts'

const tracks = [{ id: 0, language: 'zxx' }, { id: 1, language: 'de' }, { id: 2, language: 'pt-BR' }]

test('a wish is met by the very tag, else by the same language of another place', () => {
  expect(trackFor(tracks, 'de')).toBe(1)
  expect(trackFor(tracks, 'de-AT')).toBe(1)
  expect(trackFor(tracks, 'pt')).toBe(2)
})

test('without a wish, or with one nobody can meet, the film decides', () => {
  expect([undefined, null, '', 'ja'].map((wish) => trackFor(tracks, wish))).toEqual([undefined, undefined, undefined, undefined])
})
