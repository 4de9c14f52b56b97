//! The shapes the screens speak in: our names for what the committed contracts say.

import type { components as Catalog } from './generated/catalog.ts'
import type { components as Identity } from './generated/identity.ts'
import type { components as PlaybackService } from './generated/playback.ts'
import type { components as Recommendations } from './generated/recommendations.ts'

export type Account = Identity['schemas']['IdentityAccount']
export type Session = Identity['schemas']['IdentitySession']
export type SignedIn = Identity['schemas']['IdentitySignedIn']

export type Genre = Catalog['schemas']['CatalogGenre']
export type Artwork = Catalog['schemas']['CatalogImage']
export type ArtworkSet = Catalog['schemas']['CatalogArtwork']
export type TitleSummary = Catalog['schemas']['CatalogTitleSummary']
export type Title = Catalog['schemas']['CatalogTitle']
export type Credit = Catalog['schemas']['CatalogCredit']
export type Season = Catalog['schemas']['CatalogSeason']
export type Episode = Catalog['schemas']['CatalogEpisode']

/** How far somebody got, on cards of what was begun. */
export interface Progress { position_s: number; duration_s: number; episode_id?: string }

export type Card = Recommendations['schemas']['RecommendationsCard'] & {
  /** Names this very card: `GET /v1/explain/{card}` and impressions ask for it. */
  card?: string
  progress?: Progress
}
export type Row = Omit<Recommendations['schemas']['RecommendationsRow'], 'items'> & { items: Card[] }
export type Home = Omit<Recommendations['schemas']['RecommendationsHome'], 'rows' | 'hero'> & {
  hero?: Card
  rows: Row[]
  /** Services that were away, so that their rows are. */
  missing?: string[]
}

/** What one title that was watched says for another one; `share` is 0 for what speaks against it. */
export interface Contribution { title_id: string; name: string; kind: string; share: number }

export interface Explanation {
  text: string
  contributions: Contribution[]
  plays_week?: number
  plays?: number
  model?: { version: string; made_at: string; profiles: number; interactions: number }
}

export interface Impression { card: string; position: number; row: string }

export interface SearchQuery { q: string; kind?: string; genre?: string; cursor?: string }

export interface FacetValue { id: string; name: string; count: number }

export interface FoundTitle extends Pick<TitleSummary, 'kind' | 'name' | 'year' | 'certification_age' | 'playable' | 'genres' | 'artwork'> {
  title_id: string
  synopsis_short?: string
}

export interface Found {
  items: FoundTitle[]
  people?: { id: string; name: string; credits?: number }[]
  facets?: { kinds?: FacetValue[]; genres?: FacetValue[] }
  corrected?: string
  next?: string
}

export interface Suggestion { text: string; kind: string; id?: string }

export type Person = Catalog['schemas']['CatalogPerson']

export interface Page<T> { items: T[]; next?: string }

export type Playback = PlaybackService['schemas']['PlaybackSession'] & {
  resume_position_s?: number
  next_episode?: NextEpisode
  marks?: Marks
}
export type PlaybackEventKind = PlaybackService['schemas']['PlaybackState']

export interface NextEpisode { episode_id: string; name: string; season: number; number: number }

/** Where the opening and the credits are, in seconds. */
export interface Marks { intro?: { start_s: number; end_s: number }; credits?: { start_s: number } }

/** A stream that is running, as `too-many-streams` lists them. */
export interface Stream { playback_id: string; device_name?: string; title_id: string; episode_id?: string; started_at: string }

/** Faces that profiles may have; drawn by `ui/Avatar.tsx`. */
export const AVATARS = ['bulb', 'ticket', 'reel', 'moon', 'comet', 'fox', 'owl', 'whale', 'cactus', 'teapot', 'umbrella', 'kite'] as const
export type AvatarName = (typeof AVATARS)[number]

export interface Profile {
  id: string
  name: string
  avatar: AvatarName
  language: string
  /** Highest age of certification that is shown; absent: no ceiling. */
  maturity?: number
  kids: boolean
  has_pin: boolean
  created_at: string
}

export interface NewProfile { name: string; avatar: AvatarName; kids: boolean; language?: string; maturity?: number }

/** `null` takes a ceiling away. */
export type ProfileChange = Partial<Omit<NewProfile, 'maturity'> & { maturity: number | null }>

export interface CaptionStyle {
  size: 'small' | 'medium' | 'large' | 'huge'
  colour: 'white' | 'yellow' | 'green' | 'cyan'
  background: 'none' | 'shade' | 'box'
}

export interface Preferences { autoplay: boolean; audio_language?: string; caption_language?: string; captions: CaptionStyle }

export interface Position { playable_id: string; title_id: string; episode_id?: string; position_s: number; duration_s: number; at: string }

export interface ContinueItem {
  title_id: string
  episode_id?: string
  position_s: number
  duration_s: number
  fraction: number
  at: string
  next: boolean
}

export interface HistoryEntry {
  id: string
  title_id: string
  episode_id?: string
  started_at: string
  last_at: string
  position_s: number
  duration_s: number
}

export interface ListItem { title_id: string; added_at: string }

export type Thumb = 'down' | 'up' | 'double_up'
export interface ThumbItem { title_id: string; value: Thumb }
