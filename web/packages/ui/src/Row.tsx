//! A row of cards under a heading: by wheel, finger, arrow buttons or arrow keys. The last two come from elsewhere too.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Card as CardShape, Row as RowShape } from '@bijou/api-client/types.ts'
import { Card, type CardForm } from './Card.tsx'
import { MoreIcon, NextIcon, PreviousIcon } from './icons.tsx'
import './Row.css'

export interface RowProps {
  row: RowShape
  form: CardForm
  /** What a person should know about this row, if anything. */
  note: string | undefined
  hrefOf: (card: CardShape) => string
  eager: boolean
  /** Gets each card's place on the page, to know whether it is looked at. */
  placed?: (element: HTMLElement, card: CardShape, at: number) => void
  /** Asked for everything else one may do with a card. */
  more?: (card: CardShape) => void
}

export function Row(props: RowProps) {
  let rail!: HTMLUListElement
  const [ends, setEnds] = createSignal({ before: false, after: false })
  const look = () => setEnds({
    before: rail.scrollLeft > 4,
    after: rail.scrollLeft + rail.clientWidth < rail.scrollWidth - 4,
  })
  onMount(() => {
    const watch = new ResizeObserver(look)
    watch.observe(rail)
    onCleanup(() => watch.disconnect())
  })
  const page = (direction: 1 | -1) => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    rail.scrollBy({ left: direction * rail.clientWidth * 0.8, behavior: still ? 'auto' : 'smooth' })
  }
  const heading = () => `row-${props.row.id}`
  return (
    <section class="row" aria-labelledby={heading()}>
      <div class="row__head">
        <h2 class="row__name" id={heading()}>{props.row.name}</h2>
        <Show when={props.note}>{(note) => <p class="row__note">{note()}</p>}</Show>
        <Show when={props.more}><p class="row__held" aria-hidden="true">Hold OK for more</p></Show>
        <Show when={ends().before || ends().after}>
          {/* For the mouse; keys and fingers need no buttons, so they are kept out of the Tab order. */}
          <div class="row__pages" aria-hidden="true">
            <button type="button" tabindex="-1" disabled={!ends().before} onClick={() => page(-1)}><PreviousIcon /></button>
            <button type="button" tabindex="-1" disabled={!ends().after} onClick={() => page(1)}><NextIcon /></button>
          </div>
        </Show>
      </div>
      <ul class="row__rail" ref={rail} onScroll={look} data-focus-row={heading()}>
        <For each={props.row.items}>
          {(card, at) => (
            <li ref={(item) => props.placed?.(item, card, at())}>
              <Card id={`${props.row.id}--${card.title_id}`} card={card} form={props.form}
                href={props.hrefOf(card)} eager={props.eager && at() < 6}
                more={props.more && (() => props.more?.(card))} />
              <Show when={props.more}>
                {(more) => (
                  <button type="button" class="card__more" data-focus-none aria-label={`More about ${card.name}`} aria-haspopup="dialog"
                    onClick={() => more()(card)}><MoreIcon /></button>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}
