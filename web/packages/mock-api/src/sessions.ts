//! Three evenings in the mock: one that went well, one that ran dry, and one on a device with a name that is none.

import type { SessionStory, SessionSummary } from '@bijou/api-client/console.ts'
import { HOSTILE } from './hostile.ts'

const began_ms = Date.now() - 1_800_000
const at = (after_s: number) => new Date(began_ms + after_s * 1000).toISOString()

function storyOf(account: string, device: string, bad: boolean): SessionStory {
  const moment = (after_s: number, kind: string, words: string, outcome: 'ok' | 'refused' | 'failed' = 'ok') =>
    ({ at: at(after_s), kind, words, outcome, trace_id: `${after_s}`.padStart(32, '5') })
  const moments = [
    ...(bad ? [moment(0, 'sign-in', `could not sign in by password on \`${device}\`: the password is wrong (POST /v1/sessions answered 401 in 71 ms: credentials-invalid)`, 'refused')] : []),
    moment(bad ? 4 : 0, 'sign-in', `signed in by password on \`${device}\` (POST /v1/sessions answered 201 in 74 ms)`),
    moment(6, 'home', 'GET /v1/home answered 200 in 31 ms'), moment(12, 'play', 'POST /v1/playbacks answered 201 in 18 ms'),
    moment(13, 'play', 'playback `p-1` of `night-express` begins in up to 1080 lines'), moment(45, 'quality', 'the player of `p-1` progress at 30.0 s and met 2 events'),
    ...(bad ? [moment(75, 'error', 'the player of `p-1` progress at 41.0 s and met 3 events', 'failed')] : []),
  ]
  const playback = { id: 'p-1', title_id: 'night-express', device, startup_ms: 840, stalls: bad ? 3 : 0, stalled_ms: bad ? 9200 : 0, switches: 2, errors: bad ? 1 : 0, bitrate_kbps: 2400, position_s: 41, segments: 14, segment_bytes: 5_200_000 }
  return {
    id: `${account}.${began_ms}`, account, began_at: at(0), ended_at: at(75), moment_count: moments.length, failed: bad ? 1 : 0,
    devices: [device], playback_count: 1, moments, playbacks: [playback],
  }
}

const stories = [storyOf('acc-ada', 'Living room', true), storyOf('acc-ben', 'A browser', false), storyOf('acc-eve', HOSTILE, false)]

export function sessionsOf(asked: URLSearchParams): { items: SessionSummary[] } {
  const wanted = (name: string) => (asked.get(name) ?? '').toLowerCase()
  const items = stories.filter((story) => story.account.includes(wanted('account')) && story.devices.some((device) => device.toLowerCase().includes(wanted('device'))))
  return { items: items.map(({ moments: _m, playbacks: _p, ...summary }) => summary) }
}

export const sessionOf = (id: string): SessionStory | undefined => stories.find((story) => story.id === id)
