//! What is being watched, in words: its name, and for an episode the one after it. Playing never waits for this.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Episode, NextEpisode } from '@bijou/api-client/types.ts'
import { loadEpisodes, type SeasonWithEpisodes } from '../title/state.ts'

export interface Programme { name: string; episode?: string; next?: NextEpisode; attribution?: string }

export async function loadProgramme(bijou: Bijou, titleId: string, episodeId: string | undefined): Promise<Programme | undefined> {
  const title = await bijou.title(titleId)
  if (!title.ok) return undefined
  const { name, attribution } = title.value
  const told = { name, ...(attribution && { attribution }) }
  if (episodeId === undefined) return told
  const loaded = await loadEpisodes(bijou, titleId)
  return { ...told, ...(loaded.kind === 'episodes' && placed(loaded.seasons, episodeId)) }
}

export function placed(seasons: readonly SeasonWithEpisodes[], id: string): Pick<Programme, 'episode' | 'next'> {
  const all = seasons.flatMap(({ season, episodes }) => episodes.map((episode) => ({ episode, season: season.number })))
  const at = all.findIndex((each) => each.episode.id === id)
  const now = all[at]
  if (!now) return {}
  const next = all.slice(at + 1).find((each) => each.episode.playable)
  return { episode: `${placeOf(now.episode, now.season, seasons.length)}. ${now.episode.name}`, ...(next && { next: asNext(next.episode, next.season) }) }
}

const placeOf = (episode: Episode, season: number, seasons: number) => (seasons > 1 ? `Season ${season}, ${episode.number}` : `${episode.number}`)

const asNext = ({ id, name, number }: Episode, season: number): NextEpisode => ({ episode_id: id, name, season, number })
