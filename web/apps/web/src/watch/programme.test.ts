import { expect, test } from 'vitest'
import type { Episode } from '@bijou/api-client/types.ts'
import { placed } from './programme.ts'

const episode = (number: number, playable = true): Episode => ({
  id: `e${number}`, show_id: 'show', season_id: 's1', number, name: `Part ${number}`, playable,
  artwork: { url: '/img/show', width: 16, height: 9, tint: '#222222' },
})

const season = (number: number, episodes: Episode[]) => ({ season: { id: `s${number}`, show_id: 'show', number, episode_count: episodes.length }, episodes })

test('the next episode is the next one that has a film, also over the end of a season', () => {
  const one = [season(1, [episode(1), episode(2, false), episode(3)])]
  expect(placed(one, 'e1')).toEqual({ episode: '1. Part 1', next: { episode_id: 'e3', name: 'Part 3', season: 1, number: 3 } })
  expect(placed(one, 'e3')).toEqual({ episode: '3. Part 3' })
  const two = [season(1, [episode(1)]), season(2, [episode(5)])]
  expect(placed(two, 'e1')).toEqual({ episode: 'Season 1, 1. Part 1', next: { episode_id: 'e5', name: 'Part 5', season: 2, number: 5 } })
})

test('an episode nobody knows has no place', () => {
  expect(placed([season(1, [episode(1)])], 'e9')).toEqual({})
})
