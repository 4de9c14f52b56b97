//! The mock's rows, search and similar titles: true to their shapes, and simple enough to foresee in a test.

import type { Card, Explanation, Found, FoundTitle, Home, Row, Title } from '@bijou/api-client/types.ts'
import { goingOn, maySee, type Person } from './household.ts'
import { cardOf, titleOf, titles } from './library.ts'

const POPULAR = ['bo-northbound', 'bo-gardener', 'big-buck-bunny', 'bo-long-zoom', 'bo-penumbra', 'bo-short-circuits', 'bo-rule-110', 'bo-tidal', 'spring', 'the-kid']
const LATEST = ['bo-encore', 'bo-small-hours', 'bo-carousel', 'bo-static-bloom', 'bo-sierpinski-street', 'charade', 'a-trip-to-the-moon']

export function homeOf(person: Person | undefined): Home {
  const fits = (card: Card) => maySee(person)(titleOf(card.title_id)) && person?.thumbs.get(card.title_id) !== 'down'
  const row = (id: string, name: string, kind: string, items: Card[], fallback?: string): Row[] => {
    const kept = items.filter(fits)
    return kept.length > 0 ? [{ id, name, kind, items: kept, ...(fallback && { fallback }) }] : []
  }
  const rows: Row[] = []
  const recent = person && person.history.length > 0 ? [...new Set(person.history.map((each) => each.title_id))] : person?.picks ?? []
  if (person) {
    rows.push(...row('continue', 'Continue watching', 'continue', goingOn(person).map((each) => ({
      ...cardOf(each.title_id, 'continue', each.next ? 'Next episode' : `${Math.max(1, Math.round((each.duration_s - each.position_s) / 60))} min left`),
      playable: true,
      progress: { position_s: each.position_s, duration_s: each.duration_s, ...(each.episode_id && { episode_id: each.episode_id }) },
    }))))
    rows.push(...row('my-list', 'My list', 'my_list', [...person.list.keys()].reverse().map((id) => cardOf(id, 'list', 'On your list'))))
  }
  rows.push(...(recent.length > 0
    ? row('top_picks', `Top picks for ${person?.profile.name}`, 'top_picks', picksFor(recent).slice(0, 12))
    : row('top_picks', 'Liked in this house', 'top_picks', POPULAR.slice(2).map((id) => cardOf(id, 'popular', 'Popular with everybody')), 'no-history')))
  const last = recent[0] && titleOf(recent[0])
  if (last) rows.push(...row(`because-${last.id}`, `Because you watched ${last.name}`, 'because', alike(last).map((each) => cardOf(each.id, 'because', `Like ${last.name}`))))
  rows.push(...row('trending', 'Trending now', 'trending', POPULAR.map((id, at) => cardOf(id, 'trending', `Watched ${212 - at * 19} times this week`))))
  rows.push(...row('top10', 'Top 10 this week', 'top10', [...POPULAR].reverse().map((id, at) => {
    const card = cardOf(id, 'ranked', `No. ${at + 1} this week`)
    return { ...card, reason: { ...card.reason, place: at + 1 } }
  })))
  rows.push(...row('new', 'New at the Bijou', 'new', LATEST.map((id, at) => cardOf(id, 'new', at < 3 ? 'Added today' : 'Added this week'))))
  const hero = [cardOf('bo-lanterns', 'popular', 'Most watched in the house this week'), ...rows.flatMap((each) => each.items)].find(fits)
  return { rows, next: 'more', ...(hero && { hero }) }
}

export function moreRows(person: Person | undefined): Row[] {
  const genre = (id: string, name: string, because: string): Row[] => {
    const items = titles.filter((each) => each.genres.some((one) => one.id === id) && maySee(person)(each))
    return items.length > 2 ? [{ id: `genre-${id}`, name, kind: 'genre', items: items.map((each) => cardOf(each.id, 'genre', because)) }] : []
  }
  return [
    ...genre('classic', 'Classics', 'Because classics are kept here'), ...genre('animation', 'Animation', 'Open films, free to share'),
    ...genre('science-fiction', 'Science fiction', 'Yesterday’s tomorrow'), ...genre('night', 'After dark', 'For late hours'),
  ]
}

const genresOf = (title: Title) => new Set(title.genres.map((each) => each.id))

export function alike(title: Title): Title[] {
  const own = genresOf(title)
  const shared = (other: Title) => [...genresOf(other)].filter((each) => own.has(each)).length
  return titles.filter((each) => each.id !== title.id && shared(each) > 0).sort((a, b) => shared(b) - shared(a)).slice(0, 12)
}

function picksFor(recent: string[]): Card[] {
  const from = recent.flatMap((id) => titleOf(id) ?? [])
  const found = new Map<string, Card>()
  for (const one of from) {
    for (const other of alike(one)) {
      if (!recent.includes(other.id) && !found.has(other.id)) found.set(other.id, cardOf(other.id, 'because', `Because you watched ${one.name}`))
    }
  }
  return [...found.values()]
}

export function explained(card: string, person: Person | undefined): Explanation {
  const [id = ''] = card.split('.')
  const title = titleOf(id)
  const from = (person?.history ?? []).flatMap((each) => titleOf(each.title_id) ?? [])
  const own = title ? genresOf(title) : new Set()
  const shares = [...new Map(from.map((each) => [each.id, [...genresOf(each)].filter((one) => own.has(one)).length] as const))].filter(([, share]) => share > 0)
  const sum = shares.reduce((total, [, share]) => total + share, 0)
  return shares.length === 0
    ? { text: 'Popular with everybody who comes to this house', contributions: [], plays_week: 141, plays: 902 }
    : {
        text: `Because you watched ${titleOf(shares[0]![0])?.name}`,
        contributions: shares.map(([title_id, share]) => ({ title_id, name: titleOf(title_id)?.name ?? '', share: share / sum, kind: 'watched' })).slice(0, 4),
        model: { version: 'mock-1', made_at: '2026-11-24T03:00:00Z', profiles: 812, interactions: 24119 },
      }
}

const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '').toLowerCase()

function near(word: string, other: string): boolean {
  if (other.startsWith(word)) return true
  if (word.length < 4) return false
  const row = Array.from({ length: other.length + 1 }, (_, at) => at)
  let best = word.length
  for (let a = 1; a <= word.length; a += 1) {
    let corner = row[0]!
    row[0] = a
    for (let b = 1; b <= other.length; b += 1) {
      const up = row[b]!
      row[b] = Math.min(up + 1, row[b - 1]! + 1, corner + (word[a - 1] === other[b - 1] ? 0 : 1))
      corner = up
    }
    if (a === word.length) best = Math.min(...row)
  }
  return best <= (word.length > 7 ? 2 : 1)
}

const found = (title: Title, words: string[]): FoundTitle => {
  const { id, kind, name, year, certification_age, playable, genres, artwork, synopsis_short } = title
  return { title_id: id, kind, name, year, certification_age, playable, genres, artwork, matched: matchedBy(title, words), ...(synopsis_short && { synopsis_short }) }
}

function matchedBy(title: Title, words: string[]): FoundTitle['matched'] {
  const by = (name: string) => words.some((word) => plain(name).split(/\W+/).some((own) => near(word, own)))
  const people = title.credits.map((each) => each.person).filter((each) => by(each.name))
  return { ...(by(title.name) && { name: title.name }), ...(people.length > 0 && { people }) }
}

export function search(person: Person | undefined, asked: URLSearchParams): Found {
  const words = plain(asked.get('q') ?? '').split(/\W+/).filter(Boolean)
  const textOf = (title: Title) => plain(`${title.name} ${title.genres.map((each) => each.name).join(' ')} ${title.moods?.join(' ') ?? ''} ${title.credits.map((each) => each.person.name).join(' ')}`).split(/\W+/)
  const within = titles.filter(maySee(person)).filter((title) => words.every((word) => textOf(title).some((own) => near(word, own))))
  const counted = (values: { id: string; name: string }[]) => [...new Map(values.map((each) => [each.id, each])).values()]
    .map((each) => ({ ...each, count: values.filter((one) => one.id === each.id).length })).sort((a, b) => b.count - a.count)
  const kept = within
    .filter((each) => !asked.get('kind') || each.kind === asked.get('kind'))
    .filter((each) => !asked.get('genre') || each.genres.some((one) => one.id === asked.get('genre')))
  const people = [...new Map(titles.flatMap((each) => each.credits.map((one) => [one.person.id, one.person] as const))).values()]
    .filter((each) => words.every((word) => plain(each.name).split(/\W+/).some((own) => near(word, own))))
  const exact = words.every((word) => titles.some((title) => textOf(title).some((own) => own.startsWith(word))))
  const corrected = !exact && kept[0] ? kept[0].name : undefined
  return {
    items: kept.map((each) => found(each, words)), people,
    facets: {
      total: kept.length, decades: [],
      kinds: counted(within.map((each) => ({ id: each.kind, name: each.kind === 'movie' ? 'Films' : 'Shows' }))),
      genres: counted(within.flatMap((each) => each.genres)),
    },
    ...(corrected && { corrected }),
  }
}

export function suggestions(person: Person | undefined, q: string) {
  const { items, people = [] } = search(person, new URLSearchParams({ q }))
  return { items: [
    ...items.slice(0, 5).map((each) => ({ text: each.name, kind: each.kind, id: each.title_id })),
    ...people.slice(0, 2).map((each) => ({ text: each.name, kind: 'person', id: each.id })),
  ] }
}
