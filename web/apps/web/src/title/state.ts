//! One title with everything its page shows. A show without its seasons is still worth showing.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { ContinueItem, Credit, Episode, HistoryEntry, Season, Title } from '@bijou/api-client/types.ts'

export type TitleState =
  | { kind: 'loading' }
  | { kind: 'title'; title: Title }
  | { kind: 'problem'; problem: Problem }

export type EpisodesState =
  | { kind: 'loading' }
  | { kind: 'episodes'; seasons: SeasonWithEpisodes[] }
  | { kind: 'problem'; problem: Problem }

export interface SeasonWithEpisodes { season: Season; episodes: Episode[] }

export async function loadTitle(bijou: Bijou, id: string): Promise<TitleState> {
  const answer = await bijou.title(id)
  return answer.ok ? { kind: 'title', title: answer.value } : { kind: 'problem', problem: answer.problem }
}

export async function loadEpisodes(bijou: Bijou, show: string): Promise<EpisodesState> {
  const seasons = await bijou.seasons(show)
  if (!seasons.ok) return { kind: 'problem', problem: seasons.problem }
  const filled = await Promise.all(seasons.value.items.map(async (season) => {
    const episodes = await bijou.episodes(season.id)
    return episodes.ok ? { season, episodes: episodes.value.items } : episodes.problem
  }))
  const failed = filled.find((each): each is Problem => 'code' in each)
  return failed
    ? { kind: 'problem', problem: failed }
    : { kind: 'episodes', seasons: filled.filter((each): each is SeasonWithEpisodes => 'season' in each) }
}

/** How much of what was seen, 0 to 1, by the film's or the episode's id. */
export type Seen = ReadonlyMap<string, number>

/** Below this nobody has begun, above that nobody wants the rest: as profiles counts. */
const BEGUN = 0.02
const FINISHED = 0.95

/** From the viewing history, the newest first: how far each episode of one show was seen. */
export function seenOf(history: readonly HistoryEntry[], titleId: string): Seen {
  const seen = new Map<string, number>()
  for (const { title_id, episode_id, fraction } of history) {
    const id = episode_id ?? title_id
    if (title_id === titleId && !seen.has(id)) seen.set(id, Math.min(1, fraction))
  }
  return seen
}

export const isFinished = (share: number): boolean => share > FINISHED
export const isBegun = (share: number | undefined): share is number => share !== undefined && share >= BEGUN && share <= FINISHED

/** Where the one button of a title leads: where somebody stopped, the episode after, or the beginning. */
export interface WayIn { episode?: Episode; position_s: number; how: 'resume' | 'next' | 'begin' }

export function wayIn(title: Title, item: ContinueItem | undefined, episodes: readonly Episode[]): WayIn | undefined {
  const playable = episodes.filter((each) => each.playable)
  const [first] = playable
  const going = item && item.title_id === title.id ? item : undefined
  if (title.kind === 'movie') {
    if (!title.playable) return undefined
    return going && going.position_s > 0 ? { position_s: going.position_s, how: 'resume' } : { position_s: 0, how: 'begin' }
  }
  const episode = playable.find((each) => each.id === going?.episode_id)
  if (going && episode) return { episode, position_s: going.position_s, how: going.next ? 'next' : 'resume' }
  return first && { episode: first, position_s: 0, how: 'begin' }
}

/** The season somebody is in. */
export function seasonOf(seasons: readonly SeasonWithEpisodes[], episode: Episode | undefined): string | undefined {
  return (seasons.find(({ season }) => season.id === episode?.season_id) ?? seasons[0])?.season.id
}

export interface CreditGroup { role: string; people: { id: string; name: string; character?: string }[] }

const ROLES: [role: string, one: string, many: string][] = [
  ['director', 'Director', 'Directors'],
  ['creator', 'Creator', 'Creators'],
  ['writer', 'Writer', 'Writers'],
  ['actor', 'With', 'With'],
  ['cinematographer', 'Camera', 'Camera'],
  ['editor', 'Editor', 'Editors'],
  ['composer', 'Music', 'Music'],
  ['producer', 'Producer', 'Producers'],
]

/** Credits as a poster lists them: known roles in their usual order, others after, nobody left out. */
export function credited(credits: readonly Credit[]): CreditGroup[] {
  const groups = new Map<string, CreditGroup['people']>()
  for (const { role, person, character } of credits) {
    const people = groups.get(role) ?? []
    people.push({ id: person.id, name: person.name, ...(character && { character }) })
    groups.set(role, people)
  }
  const order = (role: string) => {
    const at = ROLES.findIndex(([known]) => known === role)
    return at < 0 ? ROLES.length : at
  }
  return [...groups].sort(([a], [b]) => order(a) - order(b)).map(([role, people]) => {
    const known = ROLES[order(role)]
    const said = known ? known[people.length === 1 ? 1 : 2] : role.charAt(0).toUpperCase() + role.slice(1).replaceAll(/[-_]/g, ' ')
    return { role: said, people }
  })
}
