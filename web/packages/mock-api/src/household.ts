//! The mock's household: profiles and what each of them watched, likes and wants to see. State lives as long as the process.

import type {
  Account, ContinueItem, HistoryEntry, Position, Preferences, Profile, Session, Thumb,
} from '@bijou/api-client/types.ts'
import { episodes, titleOf } from './library.ts'

export interface Person {
  profile: Profile
  pin?: string
  triesLeft: number
  preferences: Preferences
  positions: Map<string, Position>
  history: HistoryEntry[]
  hidden: Map<string, string>
  list: Map<string, string>
  thumbs: Map<string, Thumb>
  picks: string[]
}

export interface Member { account: Account; password: string; sessions: (Omit<Session, 'profile'> & { person?: string })[]; people: Person[] }

export const PROFILES_MAX = 5
export const PIN_TRIES = 5

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

let made = 0

export function personOf(profile: Partial<Profile> & Pick<Profile, 'name'>): Person {
  made += 1
  return {
    profile: { id: `p-${made}`, avatar: 'bulb', language: 'en', kids: false, has_pin: false, created_at: ago(0), ...profile },
    triesLeft: PIN_TRIES,
    preferences: { autoplay: true, captions: { size: 'medium', colour: 'white', background: 'shade' } },
    positions: new Map(), history: [], hidden: new Map(), list: new Map(), thumbs: new Map(), picks: [],
  }
}

/** As a player reports it; the newest by time counts. */
export function watched(person: Person, report: Omit<Position, 'playable_id'>, session: string): void {
  const playable_id = report.episode_id ?? report.title_id
  const before = person.positions.get(playable_id)
  if (before && before.at > report.at) return
  person.positions.set(playable_id, { playable_id, ...report })
  const entry = person.history.find((each) => each.id === `${session}-${playable_id}`)
  const { at, ...place } = report
  const fraction = place.position_s / place.duration_s
  if (entry) Object.assign(entry, place, { last_at: at, fraction })
  else person.history.unshift({ id: `${session}-${playable_id}`, started_at: at, last_at: at, fraction, ...place })
}

/** Begun and not finished, the newest first; after a finished episode the next one. */
export function goingOn(person: Person): ContinueItem[] {
  const newest = [...person.positions.values()].sort((a, b) => (a.at < b.at ? 1 : -1))
  const seen = new Set<string>()
  return newest.flatMap((each): ContinueItem[] => {
    if (seen.has(each.title_id)) return []
    seen.add(each.title_id)
    const hidden = person.hidden.get(each.title_id)
    if (hidden && hidden >= each.at) return []
    const fraction = each.position_s / each.duration_s
    const { title_id, episode_id, position_s, duration_s, at } = each
    if (fraction < 0.02) return []
    if (fraction <= 0.95) return [{ title_id, position_s, duration_s, fraction, at, next: false, ...(episode_id && { episode_id }) }]
    const next = episode_id && episodes[episodes.findIndex((one) => one.id === episode_id) + 1]
    return next && next.playable
      ? [{ title_id, episode_id: next.id, position_s: 0, duration_s: next.runtime_s ?? 0, fraction: 0, at, next: true }]
      : []
  })
}

/** What this profile may see. */
export const maySee = (person: Person | undefined) => (title: { certification_age: number } | undefined): boolean =>
  title !== undefined && title.certification_age <= (person?.profile.maturity ?? 99)

function demo(): Person[] {
  const nora = personOf({ name: 'Nora', avatar: 'owl' })
  const see = (title_id: string, share: number, minutes: number, episode_id?: string) => {
    const duration_s = titleOf(title_id)?.runtime_s ?? 24
    watched(nora, { title_id, position_s: share * duration_s, duration_s, at: ago(minutes), ...(episode_id && { episode_id }) }, `s-${minutes}`)
  }
  see('metropolis', 1, 60 * 24 * 9)
  see('nosferatu', 0.98, 60 * 24 * 3)
  see('bo-short-circuits', 1, 60 * 26, 'bo-short-circuits-s1e1')
  see('bo-short-circuits', 0.4, 60 * 20, 'bo-short-circuits-s1e2')
  see('bo-northbound', 0.55, 90)
  see('big-buck-bunny', 0.3, 35)
  for (const id of ['charade', 'cosmos-laundromat', 'bo-penumbra', 'the-general']) nora.list.set(id, ago(nora.list.size + 1))
  nora.thumbs.set('nosferatu', 'double_up')

  const elias = personOf({ name: 'Elias', avatar: 'comet', has_pin: true })
  elias.pin = '1926'
  watched(elias, { title_id: 'bo-gardener', position_s: 10, duration_s: 24, at: ago(400) }, 's-1')
  const kid = personOf({ name: 'Mimi', avatar: 'fox', kids: true, maturity: 7 })
  return [nora, elias, kid]
}

export const members = new Map<string, Member>([['demo@bijou.example', {
  account: { id: 'acc-demo', email: 'demo@bijou.example', name: 'Demo', created_at: new Date().toISOString() },
  password: 'popcorn-and-velvet', sessions: [], people: demo(),
}]])
