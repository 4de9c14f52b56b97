//! Every call the viewer makes, by name. Paths are written here and nowhere else.

import { Mine } from './mine.ts'
import type {
  Account, Card, Episode, Explanation, Found, Genre, Home, Impression, Page, Person, Playback, PlaybackEventKind, PlayerEvent, SearchQuery, Season, Session,
  SignedIn, Suggestion, Title, TitleSummary,
} from './types.ts'
import { Transport, type Answer } from './transport.ts'

const part = encodeURIComponent

export class Bijou {
  /** What belongs to the household and to the profile in use. */
  readonly mine: Mine

  constructor(readonly transport: Transport = new Transport()) {
    this.mine = new Mine(transport)
  }

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
  home = (cursor?: string, fresh = false): Promise<Answer<Home>> =>
    this.transport.ask(cursor ? `/v1/home?cursor=${part(cursor)}` : '/v1/home', { again_max: 1, fresh })
  similar = (title: string): Promise<Answer<{ items: Card[] }>> =>
    this.transport.ask(`/v1/similar/${part(title)}`, { again_max: 1 })
  explain = (card: string): Promise<Answer<Explanation>> => this.transport.ask(`/v1/explain/${part(card)}`)
  /** Which cards were really looked at; nothing waits for the answer, and a lost one is lost. */
  seen = (items: Impression[]): Promise<Answer<void>> =>
    this.transport.ask('/v1/impressions', { method: 'POST', body: { items }, keepalive: true })

  search = ({ q, kind, genre, cursor }: SearchQuery, signal?: AbortSignal): Promise<Answer<Found>> => {
    const asked = new URLSearchParams({ q, limit: '30', ...(kind && { kind }), ...(genre && { genre }), ...(cursor && { cursor }) })
    return this.transport.ask(`/v1/search?${asked}`, { again_max: 1, ...(signal && { signal }) })
  }
  suggest = (q: string, signal?: AbortSignal): Promise<Answer<Page<Suggestion>>> =>
    this.transport.ask(`/v1/search/suggestions?q=${part(q)}`, { again_max: 0, ...(signal && { signal }) })
  genres = (): Promise<Answer<Page<Genre>>> => this.transport.ask('/v1/genres')
  person = (id: string): Promise<Answer<Person>> => this.transport.ask(`/v1/people/${part(id)}`)

  /** At most a hundred, in the catalog's order; those that are gone or not for this profile are left out. */
  titlesOf = (ids: readonly string[]): Promise<Answer<Page<TitleSummary>>> =>
    this.transport.ask(`/v1/titles?ids=${ids.map(part).join(',')}&limit=100`)
  titles = (limit: number): Promise<Answer<Page<TitleSummary>>> => this.transport.ask(`/v1/titles?limit=${limit}`)
  title = (id: string): Promise<Answer<Title>> => this.transport.ask(`/v1/titles/${part(id)}`)
  seasons = (show: string): Promise<Answer<Page<Season>>> => this.transport.ask(`/v1/shows/${part(show)}/seasons`)
  episodes = (season: string): Promise<Answer<Page<Episode>>> =>
    this.transport.ask(`/v1/seasons/${part(season)}/episodes`)
  episode = (id: string): Promise<Answer<Episode>> => this.transport.ask(`/v1/episodes/${part(id)}`)

  /** `take_over` names a stream of the household that ends for this one; `device_name` is how its others will know this one. */
  play = (title_id: string, episode_id?: string, more: { take_over?: string | undefined; device_name?: string } = {}): Promise<Answer<Playback>> =>
    this.transport.ask('/v1/playbacks', {
      method: 'POST',
      body: {
        title_id, ...(episode_id && { episode_id }), ...(more.take_over && { take_over: more.take_over }),
        ...(more.device_name && { device_name: more.device_name }),
      },
    })

  /** `events` tell how well it plays. A page that goes away hands its last report to the browser. */
  report = (playback: Playback, kind: PlaybackEventKind, position_s: number, events: PlayerEvent[] = []): Promise<Answer<void>> =>
    this.transport.ask(playback.events_url, {
      method: 'POST',
      body: { kind, position_s: Math.round(position_s * 1000) / 1000, ...(events.length > 0 && { events }) },
      keepalive: kind === 'stopped' || events.length > 0,
    })
}
