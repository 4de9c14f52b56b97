//! Five bulbs: waiting, and the health of an instance. The same five that stand over the doorway.

import { For } from 'solid-js'
import './Bulbs.css'

const FIVE = [0, 1, 2, 3, 4]

/** Lights one after the other while something loads. */
export function WaitingBulbs(props: { label: string; large?: boolean }) {
  return (
    <div class="bulbs bulbs--waiting" classList={{ 'bulbs--large': props.large ?? false }} role="status">
      <For each={FIVE}>{() => <i class="bulb" aria-hidden="true" />}</For>
      <span class="hidden-text">{props.label}</span>
    </div>
  )
}

/** How many of the five are lit says how well something is; the label says it in words. */
export function HealthBulbs(props: { lit: number; label: string }) {
  return (
    <span class="bulbs" role="img" aria-label={props.label}>
      <For each={FIVE}>{(at) => <i class="bulb" classList={{ 'bulb--lit': at < props.lit }} />}</For>
    </span>
  )
}
