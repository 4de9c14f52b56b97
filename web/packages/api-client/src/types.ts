//! The shapes the screens speak in: our names for what the committed contracts say.

import type { components as Identity } from './generated/identity.ts'
import type { components as PlaybackService } from './generated/playback.ts'

export type Account = Identity['schemas']['IdentityAccount']
export type Session = Identity['schemas']['IdentitySession']
export type SignedIn = Identity['schemas']['IdentitySignedIn']

export interface Genre { id: string; name: string }

export interface Artwork { url: string; width: number; height: number; tint: string }
export interface ArtworkSet { poster: Artwork; backdrop: Artwork }

export interface TitleSummary {
  id: string
  kind: 'movie' | 'show'
  name: string
  year?: number
  genres: Genre[]
  certification_age?: number
  runtime_s?: number
  synopsis_short?: string
  playable: boolean
  artwork: ArtworkSet
  added_at: string
}

export interface Credit { person: { id: string; name: string }; role: string; character?: string }

export interface Title extends TitleSummary {
  synopsis?: string
  credits: Credit[]
  original_language?: string
  tagline?: string
  attribution?: string
}

export interface Season { id: string; number: number; name?: string }

export interface Episode {
  id: string
  number: number
  name: string
  synopsis?: string
  runtime_s?: number
  playable: boolean
  artwork?: Artwork
}

export interface Card {
  title_id: string
  kind: 'movie' | 'show'
  name: string
  year?: number
  artwork: ArtworkSet
  synopsis_short?: string
  playable: boolean
  certification_age?: number
  reason?: { code: string; text: string }
}

export interface Row { id: string; name: string; kind: string; items: Card[]; fallback?: boolean }
export interface Home { hero?: Card; rows: Row[]; next?: string }

export interface Page<T> { items: T[]; next?: string }

export type Playback = PlaybackService['schemas']['PlaybackSession']
export type PlaybackEventKind = PlaybackService['schemas']['PlaybackState']
