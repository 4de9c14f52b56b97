//! One title with everything its page shows. A show without its seasons is still worth showing.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Credit, Episode, Season, Title } from '@bijou/api-client/types.ts'

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

export interface CreditGroup { role: string; people: { name: string; character?: string }[] }

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
    people.push({ name: person.name, ...(character && { character }) })
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
