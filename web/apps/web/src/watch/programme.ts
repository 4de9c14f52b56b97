//! What is being watched, in words: its name, and for an episode the one after it. Playing never waits for this.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Episode } from '@bijou/api-client/types.ts'
import { loadEpisodes } from '../title/state.ts'

export interface Programme { name: string; episode?: string; next?: Episode; attribution?: string }

export async function loadProgramme(bijou: Bijou, titleId: string, episodeId: string | undefined): Promise<Programme | undefined> {
  const title = await bijou.title(titleId)
  if (!title.ok) return undefined
  const { name, attribution } = title.value
  const told = { name, ...(attribution && { attribution }) }
  if (episodeId === undefined) return told
  const loaded = await loadEpisodes(bijou, titleId)
  return { ...told, ...(loaded.kind === 'episodes' && placed(loaded.seasons.flatMap((each) => each.episodes), episodeId)) }
}

export function placed(episodes: readonly Episode[], id: string): Pick<Programme, 'episode' | 'next'> {
  const at = episodes.findIndex((each) => each.id === id)
  const now = episodes[at]
  if (!now) return {}
  const next = episodes.slice(at + 1).find((each) => each.playable)
  return { episode: `${now.number}. ${now.name}`, ...(next && { next }) }
}
