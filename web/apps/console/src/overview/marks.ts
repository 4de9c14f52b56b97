//! What happened, asked for again and again while a graph is looked at.

import { createSignal, onCleanup, onMount } from 'solid-js'
import type { Happening } from '@bijou/api-client/console.ts'
import { console_, noticing } from '../operator.ts'

const EVERY_MS = 5000

/** Newest first; `since` is where the graph begins, in milliseconds since 1970. */
export function createHappenings(since: () => number): () => Happening[] {
  const [told, setTold] = createSignal<Happening[]>([])
  const look = async () => {
    const answer = noticing(await console_.happenings({ since: new Date(since()).toISOString() }))
    // Graphs without their marks are still graphs: the audit's own page tells that it is away.
    if (answer.ok) setTold(answer.value.items)
  }
  onMount(() => {
    void look()
    const again = setInterval(() => void look(), EVERY_MS)
    onCleanup(() => clearInterval(again))
  })
  return told
}
