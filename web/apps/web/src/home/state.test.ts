import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Home, TitleSummary } from '@bijou/api-client/types.ts'
import { forgetHome, fromCatalog, home, isNewHere, keep, loadHome, outdateHome } from './state.ts'

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

describe('a home page that is kept', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    forgetHome()
    vi.useRealTimers()
  })

  function houseOf() {
    const asked: boolean[] = []
    const bijou = {
      home: async (_cursor: string | undefined, fresh: boolean) => {
        asked.push(fresh)
        return { ok: true, value: { rows: [{ id: `r${asked.length}`, name: 'R', kind: 'new', items: [] }] } }
      },
    } as never
    return { bijou, asked }
  }

  test('is asked for once while nothing changes', async () => {
    const { bijou, asked } = houseOf()
    await loadHome(bijou)
    await vi.advanceTimersByTimeAsync(60_000)
    await loadHome(bijou)
    expect(asked).toHaveLength(1)
  })

  test('is asked for again after a play, past the cache, and once more when the play has arrived everywhere', async () => {
    const { bijou, asked } = houseOf()
    await loadHome(bijou)
    outdateHome()
    await loadHome(bijou)
    expect(asked.slice(1)).toEqual([true])
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked.slice(1)).toEqual([true, true])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(3)
  })

  test('of somebody who has left is not shown to the next', async () => {
    const { bijou } = houseOf()
    const late = loadHome(bijou)
    forgetHome()
    await late
    expect(home().kind).toBe('loading')
  })
})
