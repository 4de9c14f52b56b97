import { expect, test } from 'vitest'
import type { ContinueItem, Credit, Episode, HistoryEntry, Title } from '@bijou/api-client/types.ts'
import { credited, isBegun, seasonOf, seenOf, wayIn } from './state.ts'

/** A newer catalog may know roles that this app does not. */
const credit = (role: string, name: string, character?: string): Credit =>
  ({ person: { id: name, name }, role: role as Credit['role'], ...(character && { character }) })

test('credits are grouped in the order of a poster, unknown roles last', () => {
  const groups = credited([
    credit('sound_designer', 'Ines'), credit('actor', 'Noor', 'The Clerk'), credit('director', 'Ada'), credit('writer', 'Ada'),
    credit('writer', 'Yuki'),
  ])
  expect(groups.map((group) => [group.role, group.people.map((each) => each.name).join(' & ')])).toEqual([
    ['Director', 'Ada'], ['Writers', 'Ada & Yuki'], ['With', 'Noor'], ['Sound designer', 'Ines'],
  ])
})

const episode = (id: string, season = 's1', playable = true): Episode =>
  ({ id, show_id: 'show', season_id: season, number: 1, name: id, playable, artwork: { url: '/', width: 1, height: 1, tint: '#222222' } })
const title = (kind: 'movie' | 'show', playable = true): Title => ({ id: 'show', kind, playable } as Title)
const going = (change: Partial<ContinueItem>): ContinueItem =>
  ({ title_id: 'show', position_s: 100, duration_s: 1000, fraction: 0.1, at: '2026-11-25T20:00:00Z', next: false, ...change })

test('a film begun goes on where it stopped, another begins', () => {
  expect(wayIn(title('movie'), going({}), [])).toEqual({ position_s: 100, how: 'resume' })
  expect(wayIn(title('movie'), undefined, [])).toEqual({ position_s: 0, how: 'begin' })
  expect(wayIn(title('movie'), going({ title_id: 'another' }), [])).toEqual({ position_s: 0, how: 'begin' })
  expect(wayIn(title('movie', false), going({}), [])).toBeUndefined()
})

test('a show goes on in its episode, or with the next one, or with the first that has a film', () => {
  const episodes = [episode('e1', 's1', false), episode('e2'), episode('e3', 's2')]
  expect(wayIn(title('show'), going({ episode_id: 'e3' }), episodes)).toMatchObject({ episode: { id: 'e3' }, how: 'resume', position_s: 100 })
  expect(wayIn(title('show'), going({ episode_id: 'e3', position_s: 0, next: true }), episodes)).toMatchObject({ episode: { id: 'e3' }, how: 'next' })
  expect(wayIn(title('show'), undefined, episodes)).toMatchObject({ episode: { id: 'e2' }, how: 'begin' })
  expect(wayIn(title('show'), going({ episode_id: 'gone' }), episodes)).toMatchObject({ episode: { id: 'e2' }, how: 'begin' })
  expect(wayIn(title('show'), undefined, [])).toBeUndefined()
})

test('the newest entry of the history says how far an episode was seen', () => {
  const entry = (episode_id: string, position_s: number, title_id = 'show'): HistoryEntry =>
    ({ id: episode_id + position_s, title_id, episode_id, started_at: '', last_at: '', position_s, duration_s: 100, fraction: position_s / 100 })
  const seen = seenOf([entry('e1', 98), entry('e1', 10), entry('e2', 40), entry('e9', 40, 'another')], 'show')
  expect([...seen]).toEqual([['e1', 0.98], ['e2', 0.4]])
  expect([...seen.values()].map(isBegun)).toEqual([false, true])
})

test('the season shown is the one somebody is in, else the first', () => {
  const seasons = ['s1', 's2'].map((id) => ({ season: { id, show_id: 'show', number: 1, episode_count: 1 }, episodes: [] }))
  expect(seasonOf(seasons, episode('x', 's2'))).toBe('s2')
  expect(seasonOf(seasons, undefined)).toBe('s1')
  expect(seasonOf([], undefined)).toBeUndefined()
})
