//! The viewing history in words: by day, and how far.

import type { HistoryEntry } from '@bijou/api-client/types.ts'
import type { SeasonWithEpisodes } from '../title/state.ts'
import { clock } from '../words.ts'

export interface Day { words: string; entries: HistoryEntry[] }

/** Days of the person's own clock, in the order of the entries. */
export function byDay(entries: readonly HistoryEntry[], now: Date = new Date()): Day[] {
  const days: Day[] = []
  for (const entry of entries) {
    const words = dayOf(new Date(entry.last_at), now)
    const last = days.at(-1)
    if (last?.words === words) last.entries.push(entry)
    else days.push({ words, entries: [entry] })
  }
  return days
}

function dayOf(then: Date, now: Date): string {
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime()
  // Rounded, since a day of the clock change has 23 or 25 hours.
  const days = Math.round((midnight(now) - midnight(then)) / 86_400_000)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const }
  // Some versions of the browsers' tables put a comma after the weekday, some none.
  return then.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', ...year }).replace(',', '')
}

export function howFar({ position_s, duration_s }: Pick<HistoryEntry, 'position_s' | 'duration_s'>): string {
  if (duration_s <= 0) return `Stopped at ${clock(position_s)}`
  return position_s / duration_s > 0.95 ? 'Seen to the end' : `Stopped at ${clock(position_s)} of ${clock(duration_s)}`
}

/** Episodes by id as the list names them; of a show with one season that season is not worth a word. */
export function episodeNames(seasons: readonly SeasonWithEpisodes[]): Map<string, string> {
  return new Map(seasons.flatMap(({ season, episodes }) => episodes.map((each) =>
    [each.id, seasons.length > 1 ? `Season ${season.number}, ${each.number}. ${each.name}` : `${each.number}. ${each.name}`])))
}
