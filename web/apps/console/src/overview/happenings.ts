//! What happened, as marks on a chart and as words in the time line. Pure.

import type { Happening } from '@bijou/api-client/console.ts'
import type { Mark } from '../parts/scale.ts'

/** What several of a kind are called on a chart, where each would cover the next. */
const SEVERAL: Record<Happening['kind'], string> = {
  deploy: 'deployed', start: 'started', stop: 'stopped', restart: 'restarted', config: 'configurations', fault: 'faults', change: 'changes',
}

/** What stands before it in the time line: told by shape, not by colour. */
export const SIGNS: Record<Happening['kind'], string> = { deploy: '▲', start: '●', stop: '○', restart: '↻', config: '≡', fault: '✕', change: '✎' }

/**
 * Told newest first, as the console answers. Moments of one kind that follow each other within `apart_ms` are one mark: a whole
 * house that starts is ten of them within a second.
 */
export function marksOf(told: readonly Happening[], apart_ms: number): Mark[] {
  const marks: Mark[] = []
  const last = new Map<Happening['kind'], { mark: Mark; count: number }>()
  for (const each of [...told].reverse()) {
    const from_ms = Date.parse(each.at)
    const before = last.get(each.kind)
    if (each.until !== undefined) marks.push({ name: each.words, from_ms, to_ms: Date.parse(each.until) })
    else if (before && from_ms - before.mark.from_ms <= apart_ms) {
      before.count += 1
      before.mark.name = `${before.count} ${SEVERAL[each.kind]}`
    } else {
      const mark: Mark = { name: each.words, from_ms }
      last.set(each.kind, { mark, count: 1 })
      marks.push(mark)
    }
  }
  return marks
}
