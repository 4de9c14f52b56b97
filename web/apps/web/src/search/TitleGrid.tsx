//! Titles laid out in lines: what was found, what is on the list, what somebody made.

import { For, type JSX } from 'solid-js'
import type { Card as CardShape, FoundTitle, TitleSummary } from '@bijou/api-client/types.ts'
import { Card } from '@bijou/ui/Card.tsx'
import { pathOf } from '../places.ts'
import '@bijou/ui/Grid.css'

/** A title as a card; its facts stand where a recommendation has its reason. */
export function cardOf(title: FoundTitle | TitleSummary, text?: string): CardShape {
  const { kind, name, year, artwork, playable, certification_age, synopsis_short } = title
  const genres = title.genres.map((each) => each.name).slice(0, 2).join(', ')
  return {
    title_id: 'title_id' in title ? title.title_id : title.id, kind, name, year, artwork, playable, certification_age,
    ...(synopsis_short !== undefined && { synopsis_short }),
    reason: { code: 'listed', text: text ?? [year, kind === 'show' ? 'Show' : undefined, genres].filter(Boolean).join(' · ') },
  }
}

export function TitleGrid(props: { id: string; cards: readonly CardShape[]; extra?: (card: CardShape) => JSX.Element; more?: (card: CardShape) => void }) {
  return (
    <ul class="grid" data-focus-grid={props.id}>
      <For each={props.cards}>
        {(card, at) => (
          <li>
            <Card id={`${props.id}--${card.title_id}`} card={card} form="wide" href={pathOf({ kind: 'title', id: card.title_id })} eager={at() < 8}
              more={props.more && (() => props.more?.(card))} />
            {props.extra?.(card)}
          </li>
        )}
      </For>
    </ul>
  )
}
