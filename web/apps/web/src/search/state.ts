//! What a search is: the words, what narrows them, and the answer, of which only the newest counts.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Found, FoundTitle, Suggestion } from '@bijou/api-client/types.ts'

export interface Asked { q: string; of?: string; genre?: string }

export type SearchState =
  | { kind: 'idle' }
  | { kind: 'looking'; last: Found | undefined }
  | { kind: 'found'; asked: Asked; found: Found }
  | { kind: 'problem'; problem: Problem }

/** A person types a letter every 100 to 300 ms: this much silence means "now". */
export const PAUSE_MS = 160

export const isEmpty = (asked: Asked): boolean => asked.q.trim() === '' && !asked.genre && !asked.of

/** One search at a time: a newer question ends the older one, so that answers never overtake each other. */
export class Searcher {
  #under: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly bijou: Pick<Bijou, 'search' | 'suggest'>, readonly told: (state: SearchState, suggestions: Suggestion[]) => void) {}

  ask(asked: Asked, last: Found | undefined, at: 'once' | 'soon'): void {
    this.stop()
    if (isEmpty(asked)) return this.told({ kind: 'idle' }, [])
    this.told({ kind: 'looking', last }, [])
    this.#timer = setTimeout(() => void this.#look(asked), at === 'once' ? 0 : PAUSE_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#under?.abort()
    this.#under = undefined
  }

  async #look(asked: Asked): Promise<void> {
    const under = (this.#under = new AbortController())
    const q = asked.q.trim()
    const { of: kind, genre } = asked
    const [found, suggested] = await Promise.all([
      this.bijou.search({ q, ...(kind && { kind }), ...(genre && { genre }) }, under.signal),
      q === '' ? undefined : this.bijou.suggest(q, under.signal),
    ])
    if (under.signal.aborted) return
    const suggestions = suggested?.ok ? suggested.value.items : []
    this.told(found.ok ? { kind: 'found', asked, found: found.value } : { kind: 'problem', problem: found.problem }, suggestions)
  }
}

/** Suggestions that say more than what was typed or is found under the same name anyway. */
export function worthSaying(suggestions: readonly Suggestion[], q: string): Suggestion[] {
  const typed = q.trim().toLowerCase()
  const seen = new Set([typed])
  return suggestions.filter(({ text }) => {
    const key = text.toLowerCase()
    return !seen.has(key) && seen.add(key)
  }).slice(0, 6)
}

/** What stands below a title that was found by somebody of its credits; its usual facts otherwise. */
export function factsOf({ year, matched }: FoundTitle): string | undefined {
  const people = matched.people?.map((each) => each.name) ?? []
  return matched.name === undefined && people.length > 0 ? `${year} · ${people.slice(0, 2).join(', ')}` : undefined
}
