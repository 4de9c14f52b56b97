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

export type Card = Recommendations['schemas']['RecommendationsCard']
export type Row = Recommendations['schemas']['RecommendationsRow']
export type Home = Recommendations['schemas']['RecommendationsHome']

export interface Page<T> { items: T[]; next?: string }

export type Playback = PlaybackService['schemas']['PlaybackSession']
export type PlaybackEventKind = PlaybackService['schemas']['PlaybackState']
