import { expect, test } from 'vitest'
import type { Episode } from '@bijou/api-client/types.ts'
import { placed } from './programme.ts'

const episode = (number: number, playable = true): Episode => ({
  id: `e${number}`, show_id: 'show', season_id: 's1', number, name: `Part ${number}`, playable,
  artwork: { url: '/img/show', width: 16, height: 9, tint: '#222222' },
})

test('the next episode is the next one that has a film', () => {
  const all = [episode(1), episode(2, false), episode(3)]
  expect(placed(all, 'e1')).toEqual({ episode: '1. Part 1', next: episode(3) })
  expect(placed(all, 'e3')).toEqual({ episode: '3. Part 3' })
})

test('an episode nobody knows has no place', () => {
  expect(placed([episode(1)], 'e9')).toEqual({})
})
