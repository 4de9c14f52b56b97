//! What is asked, and the answer in words. Pure.

import type { Explanation, ExplainQuestion, FilterVerdict, Upstream, Zones } from '@bijou/api-client/console.ts'
import type { Query } from '../places.ts'
import { ms } from '../words.ts'

/** Nothing to ask while there is no path. Somebody by name is asked about before a kind of somebody. */
export function questionIn({ method = '', url = '', as = '', account = '', client = '' }: Query): ExplainQuestion | undefined {
  if (url.trim() === '') return undefined
  return { method: method || 'GET', url: url.trim(), as: account.trim() || as, client: client.trim() }
}

/** Who answers, and with what. */
export function answerOf(told: Explanation): string {
  if (told.status !== undefined) return `The gateway answers ${told.status} ${told.code ?? ''}`.trim()
  switch (told.answered_by) {
    case 'instance': return `An instance of ${told.route?.application ?? 'somebody'} answers`
    case 'app': return 'The viewer app answers'
    case 'gateway': return 'The gateway answers by itself'
  }
}

/** Filters of which only asking would tell. */
export const depending = (told: Explanation): string[] => told.filters.filter((one) => one.verdict === 'depends').map((one) => one.filter)

export const VERDICTS: Record<FilterVerdict['verdict'], { mark: string; words: string }> = {
  passes: { mark: '●', words: 'passes' },
  refuses: { mark: '✕', words: 'refuses' },
  depends: { mark: '?', words: 'depends' },
  'not-reached': { mark: '○', words: 'not reached' },
}

export function attempts(upstream: Upstream): string {
  const each = `${ms(upstream.attempt_ms)} each, ${ms(upstream.deadline_ms)} in all`
  if (upstream.attempts_max === 1) return `one, ${each}`
  return `at most ${upstream.attempts_max}, ${each}${upstream.repeats_sent ? '' : '; repeated only while nothing was sent'}`
}

/** What the gateway's zone means for it. */
export const staying = (zones: Zones): string => `${Math.round(zones.share * 100)} % stays in zone ${zones.own}: ${zones.why}`
