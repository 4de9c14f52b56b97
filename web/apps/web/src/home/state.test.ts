import { expect, test } from 'vitest'
import type { Home, TitleSummary } from '@bijou/api-client/types.ts'
import { fromCatalog, isNewHere, keep } from './state.ts'

const picture = { url: '/img/x', width: 2, height: 3, tint: '#222222' }

const title = (id: string, playable: boolean): TitleSummary => ({
  id, kind: 'movie', name: id, year: 1926, genres: [{ id: 'comedy', name: 'Comedy' }, { id: 'classic', name: 'Classic' }],
  certification_age: 0, playable, artwork: { poster: picture, backdrop: picture }, added_at: '2026-11-01T00:00:00Z',
})

test('the stand-in home opens with something that can be played', () => {
  const home = fromCatalog([title('a', false), title('b', true), title('c', false)])
  expect(home.hero?.title_id).toBe('b')
  expect(home.rows.map((row) => [row.name, row.items.map((card) => card.title_id)])).toEqual([
    ['Ready to play', ['b']],
    ['Also in the catalog', ['a', 'c']],
  ])
})

test('its cards give their genres as the reason, since nobody ranked them', () => {
  expect(fromCatalog([title('a', true)]).rows[0]?.items[0]?.reason).toEqual({ code: 'listed', text: 'Comedy, Classic' })
})

test('an empty catalog makes an empty home, not an empty row', () => {
  expect(fromCatalog([])).toEqual({ rows: [] })
})

test('a row that is as it was is not drawn again; one that changed is', () => {
  const row = (id: string, name: string) => ({ id, name, kind: 'new', items: [] })
  const before: Home = { rows: [row('a', 'A'), row('b', 'B')] }
  const now = keep({ kind: 'home', home: before, standIn: false }, { rows: [row('c', 'C'), row('a', 'A'), row('b', 'Changed')] })
  expect(now.rows.map((each) => each.name)).toEqual(['C', 'A', 'Changed'])
  expect(now.rows[1]).toBe(before.rows[0])
  expect(now.rows[2]).not.toBe(before.rows[1])
})

test('a person is new here while a row says that there is no history', () => {
  expect(isNewHere({ rows: [{ id: 'p', name: 'P', kind: 'top_picks', fallback: 'no-history', items: [] }] })).toBe(true)
  expect(isNewHere({ rows: [{ id: 'p', name: 'P', kind: 'top_picks', items: [] }] })).toBe(false)
})
