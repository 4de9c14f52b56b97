//! The household and the profile in use: profiles, preferences, positions, history, list, thumbs.

import type {
  ContinueItem, Erasure, Export, HistoryEntry, ListItem, NewProfile, Page, Position, Preferences, Profile, ProfileChange, Thumb, ThumbItem,
} from './types.ts'
import type { Answer, Transport } from './transport.ts'

const part = encodeURIComponent

export class Mine {
  constructor(readonly transport: Transport) {}

  /** Becomes a profile; `undefined` is the account as a whole. */
  become = (profile: string | undefined, pin?: string): Promise<Answer<void>> =>
    this.transport.exchange(profile === undefined ? 'urn:bijou:account' : `urn:bijou:profile:${profile}`, pin)

  profiles = (): Promise<Answer<Page<Profile>>> => this.transport.ask('/v1/profiles', { again_max: 1, fresh: true })
  addProfile = (body: NewProfile): Promise<Answer<Profile>> => this.transport.ask('/v1/profiles', { method: 'POST', body })
  /** Only what is to be another: who may change a name may not always change a ceiling. */
  changeProfile = (id: string, body: ProfileChange): Promise<Answer<Profile>> =>
    this.transport.ask(`/v1/profiles/${part(id)}`, { method: 'PATCH', body })
  deleteProfile = (id: string): Promise<Answer<Erasure>> => this.transport.ask(`/v1/profiles/${part(id)}`, { method: 'DELETE' })
  setPin = (id: string, pin: string): Promise<Answer<void>> =>
    this.transport.ask(`/v1/profiles/${part(id)}/pin`, { method: 'PUT', body: { pin } })
  removePin = (id: string): Promise<Answer<void>> => this.transport.ask(`/v1/profiles/${part(id)}/pin`, { method: 'DELETE' })

  preferences = (): Promise<Answer<Preferences>> => this.transport.ask('/v1/me/preferences')
  setPreferences = (body: Preferences): Promise<Answer<Preferences>> =>
    this.transport.ask('/v1/me/preferences', { method: 'PUT', body })
  pick = (title_ids: string[]): Promise<Answer<void>> => this.transport.ask('/v1/me/picks', { method: 'PUT', body: { title_ids } })

  position = (playable: string): Promise<Answer<Position>> =>
    this.transport.ask(`/v1/me/positions/${part(playable)}`, { again_max: 0, fresh: true })
  /** The queue in `player/positions.ts` tries again itself. */
  keepPosition = (playable: string, body: object, keepalive: boolean): Promise<Answer<void>> =>
    this.transport.ask(`/v1/me/positions/${part(playable)}`, { method: 'PUT', body, keepalive, again_max: 0 })
  goingOn = (): Promise<Answer<Page<ContinueItem>>> => this.transport.ask('/v1/me/continue', { again_max: 0, fresh: true })
  hide = (title: string): Promise<Answer<void>> => this.transport.ask(`/v1/me/continue/${part(title)}/hide`, { method: 'POST' })

  history = (cursor?: string): Promise<Answer<Page<HistoryEntry>>> =>
    this.transport.ask(`/v1/me/history?limit=40${cursor ? `&cursor=${part(cursor)}` : ''}`, { fresh: true })
  forget = (entry: string): Promise<Answer<void>> => this.transport.ask(`/v1/me/history/${part(entry)}`, { method: 'DELETE' })
  forgetAll = (): Promise<Answer<void>> => this.transport.ask('/v1/me/history', { method: 'DELETE' })

  list = (): Promise<Answer<Page<ListItem>>> => this.transport.ask('/v1/me/list?limit=200', { fresh: true })
  enlist = (title: string): Promise<Answer<void>> => this.transport.ask(`/v1/me/list/${part(title)}`, { method: 'PUT' })
  unlist = (title: string): Promise<Answer<void>> => this.transport.ask(`/v1/me/list/${part(title)}`, { method: 'DELETE' })

  thumbs = (): Promise<Answer<Page<ThumbItem>>> => this.transport.ask('/v1/me/thumbs?limit=200', { fresh: true })
  rate = (title: string, value: Thumb): Promise<Answer<void>> =>
    this.transport.ask(`/v1/me/thumbs/${part(title)}`, { method: 'PUT', body: { value } })
  unrate = (title: string): Promise<Answer<void>> => this.transport.ask(`/v1/me/thumbs/${part(title)}`, { method: 'DELETE' })

  beginExport = (profile: string): Promise<Answer<Export>> =>
    this.transport.ask(`/v1/profiles/${part(profile)}/exports`, { method: 'POST' })
  export = (id: string): Promise<Answer<Export>> => this.transport.ask(`/v1/exports/${part(id)}`, { fresh: true })
  /** The archive itself: it needs the token, so no plain link can fetch it. */
  archive = (id: string): Promise<Answer<Blob>> => this.transport.file(`/v1/exports/${part(id)}/archive`)
  erasure = (id: string): Promise<Answer<Erasure>> => this.transport.ask(`/v1/erasures/${part(id)}`, { fresh: true })
}
