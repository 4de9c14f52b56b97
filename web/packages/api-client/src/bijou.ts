//! Every call the viewer makes, by name. Paths are written here and nowhere else.

import type {
  Account, Episode, Home, Page, Playback, PlaybackEventKind, Season, Session, SignedIn, Title, TitleSummary,
} from './types.ts'
import { Transport, type Answer } from './transport.ts'

const part = encodeURIComponent

export class Bijou {
  constructor(readonly transport: Transport = new Transport()) {}

  async signUp(email: string, password: string, name: string | undefined): Promise<Answer<Account>> {
    return this.transport.ask('/v1/accounts', { method: 'POST', body: { email, password, ...(name && { name }) } })
  }

  async signIn(email: string, password: string, device_name: string): Promise<Answer<SignedIn>> {
    const answer = await this.transport.ask<SignedIn>('/v1/sessions', {
      method: 'POST',
      body: { email, password, device_name, cookie: true },
    })
    if (answer.ok) this.transport.token = answer.value.access_token
    return answer
  }

  async signOut(): Promise<Answer<void>> {
    const answer = await this.endSession('current')
    if (answer.ok) this.transport.token = undefined
    return answer
  }

  me = (): Promise<Answer<Account>> => this.transport.ask('/v1/accounts/me')
  sessions = (): Promise<Answer<Page<Session>>> => this.transport.ask('/v1/sessions')
  endSession = (id: string): Promise<Answer<void>> =>
    this.transport.ask(`/v1/sessions/${part(id)}`, { method: 'DELETE' })

  /** Tried twice at most: the catalog can stand in for it. */
  home = (cursor?: string): Promise<Answer<Home>> =>
    this.transport.ask(cursor ? `/v1/home?cursor=${part(cursor)}` : '/v1/home', { again_max: 1 })

  titles = (limit: number): Promise<Answer<Page<TitleSummary>>> => this.transport.ask(`/v1/titles?limit=${limit}`)
  title = (id: string): Promise<Answer<Title>> => this.transport.ask(`/v1/titles/${part(id)}`)
  seasons = (show: string): Promise<Answer<Page<Season>>> => this.transport.ask(`/v1/shows/${part(show)}/seasons`)
  episodes = (season: string): Promise<Answer<Page<Episode>>> =>
    this.transport.ask(`/v1/seasons/${part(season)}/episodes`)

  play = (title_id: string, episode_id?: string): Promise<Answer<Playback>> =>
    this.transport.ask('/v1/playbacks', { method: 'POST', body: { title_id, ...(episode_id && { episode_id }) } })

  report = (playback: Playback, kind: PlaybackEventKind, position_s: number): Promise<Answer<void>> =>
    this.transport.ask(playback.events_url, {
      method: 'POST',
      body: { kind, position_s: Math.round(position_s * 1000) / 1000 },
      keepalive: kind === 'stopped',
    })
}
