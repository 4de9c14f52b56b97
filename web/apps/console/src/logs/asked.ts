//! Which log lines are asked for, as the address says it and as the console is asked. Pure.

import type { LogFilter } from '@bijou/api-client/console.ts'
import type { Query } from '../places.ts'
import { sinceOf, withinIn } from '../requests/wanted.ts'

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const
const isLevel = (level: string) => (LEVELS as readonly string[]).includes(level)

/** Words without a letter or digit find nothing; a trace id that is none would be refused while it is typed. */
export function askedIn(query: Query): LogFilter {
  const { q = '', level = '', service = '', trace = '' } = query
  const asked: LogFilter = {}
  if (/[\p{L}\p{N}]/u.test(q)) asked.q = q.trim()
  if (isLevel(level)) asked.level = level
  if (service.trim()) asked.service = service.trim().toLowerCase()
  if (/^[0-9a-f]{32}$/i.test(trace.trim())) asked.trace = trace.trim()
  return asked
}

/** With how far back, which a search heeds and the live tail does not. */
export function searchedIn(query: Query, now?: number): LogFilter {
  const since = sinceOf(withinIn(query), now)
  return { ...askedIn(query), ...(since && { since }) }
}
