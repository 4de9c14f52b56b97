//! The shapes the screens speak in. Names are ours; the fields are the services'.
//! Leaves out whatever no screen reads.

export interface Account { id: string; email: string; name?: string; created_at: string }

export interface Session {
  id: string
  device_name?: string
  created_at: string
  last_seen_at: string
  current: boolean
}

export interface SignedIn {
  account: Account
  access_token: string
  token_type: string
  expires_in: number
}

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

export interface Subtitle { language: string; name?: string; url?: string }

export interface Playback {
  id: string
  title_id: string
  duration_s: number
  manifest: { hls: string; dash: string }
  expires_at: string
  attribution?: string
  events_url: string
}

export type PlaybackEventKind = 'started' | 'progress' | 'stopped'
