//! A film on the wall: picture, name, one quiet reason. Grows when it is chosen; its neighbours stay where they are.

import { Show } from 'solid-js'
import type { Card as CardShape } from '@bijou/api-client/types.ts'
import { Picture } from './Picture.tsx'
import './Card.css'

export type CardForm = 'wide' | 'tall'

/** As `--card-wide` and `--card-tall` in `Row.css`. */
const SIZES: Record<CardForm, string> = {
  wide: 'clamp(13.5rem, 21vw, 25rem)',
  tall: 'clamp(8.75rem, 13.2vw, 15.5rem)',
}

export interface CardProps {
  id: string
  card: CardShape
  form: CardForm
  href: string
  /** The first cards are in view at once; the others may come when they are near. */
  eager: boolean
  /** Asked for everything else one may do with it, by OK that is held on a television. */
  more?: (() => void) | undefined
}

/** How much of it was seen, in percent; `undefined` when it was not begun. */
export function doneOf(progress: CardShape['progress']): number | undefined {
  if (!progress || progress.duration_s <= 0 || progress.position_s <= 0) return undefined
  return Math.min(100, Math.max(2, (progress.position_s / progress.duration_s) * 100))
}

export function Card(props: CardProps) {
  const picture = () => (props.form === 'tall' ? props.card.artwork.poster : props.card.artwork.backdrop)
  return (
    <a class="card" classList={{ 'card--tall': props.form === 'tall', 'card--placed': props.card.reason.place !== undefined }} id={props.id} href={props.href} draggable={false}
      data-focus-more={props.more ? '' : undefined} ref={(card) => card.addEventListener('focusmore', () => props.more?.())}>
      <span class="card__frame" style={{ '--tint': picture().tint }}>
        <Picture picture={picture()} alt="" sizes={SIZES[props.form]} when={props.eager ? 'soon' : 'lazy'} />
        <Show when={!props.card.playable}><span class="card__soon">No film yet</span></Show>
        <Show when={props.card.reason.place}>{(place) => <span class="card__place" aria-hidden="true">{place()}</span>}</Show>
        <Show when={doneOf(props.card.progress)}>
          {(done) => <span class="card__done"><i style={{ width: `${done()}%` }} /></span>}
        </Show>
      </span>
      <span class="card__name">{props.card.name}</span>
      <span class="card__reason">
        <Show when={doneOf(props.card.progress)}>{(done) => <span class="hidden-text">{Math.round(done())} percent seen. </span>}</Show>
        {props.card.reason.text}
      </span>
    </a>
  )
}
