//! The cards somebody has been shown, by title: a title's page knows from them why it was recommended.

import type { Card, Home } from '@bijou/api-client/types.ts'

/** About a hundred are on a home page; older ones make room. */
const KEPT_MAX = 400

const shown = new Map<string, Card>()

export function rememberCards(cards: readonly Card[]): void {
  for (const card of cards) {
    shown.delete(card.title_id)
    shown.set(card.title_id, card)
  }
  for (const id of shown.keys()) {
    if (shown.size <= KEPT_MAX) break
    shown.delete(id)
  }
}

export const cardsOf = (home: Home): Card[] => [...home.rows.flatMap((row) => row.items), ...(home.hero ? [home.hero] : [])]

export const cardFor = (titleId: string): Card | undefined => shown.get(titleId)

export const forgetCards = (): void => shown.clear()
