import { expect, test } from 'vitest'
import type { Playback, Stream } from '@bijou/api-client/types.ts'
import { opener, overBy, refusalOf } from './open.ts'

const problem = (status: number, code: string, more?: Record<string, unknown>) => ({ status, code, title: 'No', ...(more && { more }) })
const playback = (id: string, more: object = {}) =>
  ({ id, title_id: 't', duration_s: 60, manifest: { hls: `/m/${id}`, dash: '' }, subtitles: [], events_url: '', expires_at: '2026-11-25T20:00:00Z', ...more }) as Playback

test('a film begins where it was left, and a new token is asked for in the old one’s place', async () => {
  const asked: unknown[] = []
  const open = opener({
    play: async (_title, _episode, options) => {
      asked.push(options?.take_over)
      return { ok: true, value: playback(`p${asked.length}`, { resume_position_s: 12 }) }
    },
  }, { titleId: 't', episodeId: undefined, deviceName: 'Here', takeOver: 'theirs', opened: () => undefined, crowded: () => undefined })
  expect(await open()).toMatchObject({ manifest: '/m/p1', resume_position_s: 12 })
  await open()
  expect(asked).toEqual(['theirs', 'p1'])
})

test('a full house says who watches where', async () => {
  const streams: Stream[] = [{ playback_id: 'p', device_name: 'TV', title_id: 't', started_at: '2026-11-25T20:00:00Z' }]
  let told: Stream[] = []
  const open = opener({ play: async () => ({ ok: false, problem: problem(409, 'too-many-streams', { streams }) }) },
    { titleId: 't', episodeId: undefined, deviceName: 'Here', opened: () => undefined, crowded: (all) => (told = all) })
  expect(await open()).toMatchObject({ title: 'All seats are taken' })
  expect(told).toEqual(streams)
})

test('a report that is refused says whether the film is over', () => {
  expect([problem(409, 'taken-over'), problem(410, 'playback-over'), problem(503, 'x'), problem(404, 'playback-not-found')].map(overBy))
    .toEqual(['taken-over', 'over', undefined, undefined])
})

test('refusals say what still works', () => {
  expect(refusalOf(problem(404, 'title-not-found')).words).toContain('The others play')
  expect(refusalOf(problem(503, 'x')).words).toContain('still work')
  expect(refusalOf(problem(403, 'not-for-profile')).title).toBe('Not for this profile')
})
