//! What may be skipped at this moment of a film, decided from its marks. No clock, no page.

import type { Marks } from '@bijou/api-client/types.ts'

export type Offer =
  | { kind: 'none' }
  | { kind: 'skip-intro'; to_s: number }
  /** The credits run and something comes after them. */
  | { kind: 'next' }

/** A button that is gone before a hand has reached it is none. */
const WORTH_S = 2
/** Without marks, the last seconds count as the end of an episode. */
const LAST_S = 6

export function offerAt(position_s: number, duration_s: number, marks: Marks | undefined, hasNext: boolean): Offer {
  const intro = marks?.intro
  if (intro && position_s >= intro.start_s && position_s < intro.end_s - WORTH_S) return { kind: 'skip-intro', to_s: intro.end_s }
  if (!hasNext || duration_s <= 0) return { kind: 'none' }
  const end_s = marks?.credits?.start_s ?? (duration_s > LAST_S * 4 ? duration_s - LAST_S : duration_s)
  return position_s >= end_s && position_s < duration_s ? { kind: 'next' } : { kind: 'none' }
}
