//! What a page looks like a moment before it is there: the same boxes, a breath of light, nothing to read.

import { For } from 'solid-js'
import type { CardForm } from './Card.tsx'
import './Skeleton.css'

const MANY = [0, 1, 2, 3, 4, 5, 6, 7]

export function RowSkeleton(props: { form: CardForm }) {
  return (
    <div class="row" aria-hidden="true">
      <div class="row__head"><span class="ghost ghost--heading" /></div>
      <div class="row__rail row__rail--still">
        <For each={MANY}>
          {() => (
            <div class="card" classList={{ 'card--tall': props.form === 'tall' }}>
              <span class="card__frame ghost" />
              <span class="card__name"><span class="ghost ghost--line" /></span>
              <span class="card__reason"><span class="ghost ghost--line ghost--short" /></span>
            </div>
          )}
        </For>
      </div>
    </div>
  )
}

export function Lines(props: { count: number }) {
  return (
    <div class="ghost-lines" aria-hidden="true">
      <For each={Array.from({ length: props.count })}>{() => <span class="ghost ghost--line" />}</For>
    </div>
  )
}
