//! The shapes the screens speak in: our names for what the committed contracts say.

import type { components as Catalog } from './generated/catalog.ts'
import type { components as Identity } from './generated/identity.ts'
import type { components as PlaybackService } from './generated/playback.ts'
import type { components as Profiles } from './generated/profiles.ts'
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

/** A card of the catalog's own, where nobody recommended anything, has no `card` to be explained by. */
export type Card = Omit<Recommendations['schemas']['RecommendationsCard'], 'card' | 'progress'> & { card?: string; progress?: Progress }
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

export type FoundTitle = Catalog['schemas']['CatalogSearchHit']
export type Found = Catalog['schemas']['CatalogSearchPage']
export type Suggestion = Catalog['schemas']['CatalogSuggestion']

export type Person = Catalog['schemas']['CatalogPerson']

export interface Page<T> { items: T[]; next?: string }

export type Playback = PlaybackService['schemas']['PlaybackSession']
export type PlayerEvent = PlaybackService['schemas']['PlaybackPlayerEvent']
export type PlaybackEventKind = PlaybackService['schemas']['PlaybackState']
export type NextEpisode = PlaybackService['schemas']['PlaybackNextEpisode']
export type Marks = PlaybackService['schemas']['PlaybackMarks']
/** A stream that is running, as `too-many-streams` lists them. */
export type Stream = PlaybackService['schemas']['PlaybackStream']

/** Faces that profiles may have; drawn by `ui/Avatar.tsx`. */
export const AVATARS = ['bulb', 'ticket', 'reel', 'moon', 'comet', 'fox', 'owl', 'whale', 'cactus', 'teapot', 'umbrella', 'kite'] as const satisfies readonly AvatarName[]
export type AvatarName = Profiles['schemas']['ProfilesAvatar']

export type Profile = Profiles['schemas']['ProfilesProfile']
export type NewProfile = Pick<Profiles['schemas']['ProfilesNewProfile'], 'name'> & Partial<Profiles['schemas']['ProfilesNewProfile']>
/** `null` takes a ceiling away. */
export type ProfileChange = Profiles['schemas']['ProfilesProfileChange']

export type CaptionStyle = Profiles['schemas']['ProfilesCaptionStyle']
/** Absent languages: as the film is made, and no captions. */
export type Preferences = Omit<Profiles['schemas']['ProfilesPreferences'], 'audio_language' | 'caption_language'> & {
  audio_language?: string
  caption_language?: string
}

export type Position = Profiles['schemas']['ProfilesPosition']
export type ContinueItem = Profiles['schemas']['ProfilesContinueItem']
export type HistoryEntry = Profiles['schemas']['ProfilesHistoryEntry']
export type ListItem = Profiles['schemas']['ProfilesListItem']
export type Thumb = Profiles['schemas']['ProfilesThumb']
export type ThumbItem = Profiles['schemas']['ProfilesThumbItem']
/** An archive in the making; `missing`: services that did not answer, so that their part is not in it. */
export type Export = Profiles['schemas']['ProfilesExport'] & { missing?: string[] }
/** A profile that is being forgotten, by every service that kept something about it. */
export type Erasure = Profiles['schemas']['ProfilesErasure']
