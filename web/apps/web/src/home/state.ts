//! The home page's data, kept while the app is open, so that coming back shows it at once and in place.
//!
//! When recommendations are away the whole catalog stands in: less clever, and still a way to every film.

import { createSignal } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Card, Home, Row, TitleSummary } from '@bijou/api-client/types.ts'
import type { Bijou } from '@bijou/api-client/bijou.ts'
import { cardsOf, forgetCards, rememberCards } from './cards.ts'

export type HomeState =
  | { kind: 'loading' }
  | { kind: 'home'; home: Home; standIn: boolean }
  | { kind: 'problem'; problem: Problem }

const [home, setHome] = createSignal<HomeState>({ kind: 'loading' })
export { home }

/** Older than this, a visit shows what there is and asks for the new one meanwhile. */
const FRESH_MS = 5 * 60_000

let loading: Promise<void> | undefined
let loadedAt_ms = 0
/** Counts whose home it is: an answer for somebody who has left is dropped. */
let visit = 0
let outdated = false
let changedAt_ms = Number.NEGATIVE_INFINITY
/** What was watched a moment ago is on its way from service to service: a page asked for so soon is asked for once more. */
const SETTLED_MS = 4000
let settling: ReturnType<typeof setTimeout> | undefined

export function forgetHome(): void {
  clearTimeout(settling)
  loading = undefined
  outdated = true
  visit += 1
  forgetCards()
  setHome({ kind: 'loading' })
}

/** Something was watched, listed or judged: the next visit asks again, past the browser's cache. */
export function outdateHome(): void {
  outdated = true
  changedAt_ms = Date.now()
}

export function loadHome(bijou: Bijou): Promise<void> {
  if (loading && home().kind === 'home' && (outdated || Date.now() - loadedAt_ms > FRESH_MS)) loading = undefined
  loading ??= (async () => {
    const whose = visit
    const fresh = outdated
    loadedAt_ms = Date.now()
    outdated = false
    const answer = await bijou.home(undefined, fresh)
    if (whose !== visit) return
    if (!answer.ok && home().kind === 'home') return void (loading = undefined)
    if (answer.ok) rememberCards(cardsOf(answer.value))
    if (answer.ok && loadedAt_ms - changedAt_ms < SETTLED_MS) {
      clearTimeout(settling)
      settling = setTimeout(() => {
        outdated = true
        void loadHome(bijou)
      }, SETTLED_MS)
    }
    if (answer.ok) return void setHome({ kind: 'home', home: keep(home(), answer.value), standIn: false })
    const catalog = await bijou.titles(48)
    if (whose !== visit) return
    if (catalog.ok && catalog.value.items.length > 0) {
      setHome({ kind: 'home', home: fromCatalog(catalog.value.items), standIn: true })
    } else {
      setHome({ kind: 'problem', problem: answer.problem })
    }
    // The next visit asks again.
    loading = undefined
  })()
  return loading
}

/** Rows that are as they were stay the same objects, so that nothing of them is drawn again. */
export function keep(before: HomeState, now: Home): Home {
  if (before.kind !== 'home') return now
  const known = new Map(before.home.rows.map((row) => [row.id, row]))
  const rows = now.rows.map((row) => {
    const old = known.get(row.id)
    return old && JSON.stringify(old) === JSON.stringify(row) ? old : row
  })
  return { ...now, rows }
}

/** A card the person does not want to see goes at once; the next page will not have it anyway. */
export function dropCard(titleId: string, rowKind?: string): void {
  const now = home()
  if (now.kind !== 'home') return
  const rows = now.home.rows.flatMap((row) => {
    if (rowKind !== undefined && row.kind !== rowKind) return [row]
    const items = row.items.filter((card) => card.title_id !== titleId)
    if (items.length === row.items.length) return [row]
    return items.length > 0 ? [{ ...row, items }] : []
  })
  setHome({ ...now, home: { ...now.home, rows } })
}

/** Nobody has watched anything here yet: three films would help. */
export const isNewHere = (home: Home): boolean => home.rows.some((row) => row.fallback === 'no-history')

/** Adds the next rows, once per cursor. A failure is silent: what is there stays, and the next scroll asks again. */
export async function loadMore(bijou: Bijou): Promise<void> {
  const before = home()
  if (before.kind !== 'home' || before.home.next === undefined) return
  const cursor = before.home.next
  const answer = await bijou.home(cursor)
  const now = home()
  if (!answer.ok || now.kind !== 'home' || now.home.next !== cursor) return
  const { next: _, ...rest } = now.home
  rememberCards(cardsOf(answer.value))
  const rows = [...rest.rows, ...answer.value.rows]
  setHome({ ...now, home: { ...rest, rows, ...(answer.value.next !== undefined && { next: answer.value.next }) } })
}

export function fromCatalog(titles: readonly TitleSummary[]): Home {
  const cards = titles.map(cardOf)
  const playable = cards.filter((card) => card.playable)
  const rest = cards.filter((card) => !card.playable)
  const rows: Row[] = []
  if (playable.length > 0) rows.push({ id: 'catalog-playable', name: 'Ready to play', kind: 'catalog', items: playable })
  if (rest.length > 0) rows.push({ id: 'catalog-rest', name: 'Also in the catalog', kind: 'catalog', items: rest })
  const hero = playable[0] ?? cards[0]
  return { rows, ...(hero && { hero }) }
}

function cardOf(title: TitleSummary): Card {
  const { id, kind, name, year, artwork, synopsis_short, playable, certification_age } = title
  const genres = title.genres.map((genre) => genre.name).join(', ')
  return {
    title_id: id, kind, name, year, artwork, playable, certification_age,
    ...(synopsis_short !== undefined && { synopsis_short }),
    reason: { code: 'listed', text: genres || 'In the catalog' },
  }
}

/** What a person should know about a row that is not what it would like to be; nothing when it makes no difference. */
export function noteOf(row: Row): string | undefined {
  switch (row.fallback) {
    case 'last-known-titles': return 'As last known: the catalog is away'
    case 'last-known-plays': return 'As last counted: playback is away'
    case 'last-known-history': return 'As last known: profiles is away'
    default: return undefined
  }
}
