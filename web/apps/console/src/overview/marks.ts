//! What operators changed or broke, as marks for any graph: asked for again and again while a graph is looked at.

import { createSignal, onCleanup, onMount } from 'solid-js'
import type { AuditEntry } from '@bijou/api-client/console.ts'
import { faults, marksOfFaults } from '../faults/faults.ts'
import type { Live } from '../live.ts'
import { console_, noticing } from '../operator.ts'
import type { Mark } from '../parts/scale.ts'
import { marksOf } from './changes.ts'

const EVERY_MS = 5000
/** At least this far back: an instance that was taken out before the graph's stretch began may still be out. */
const SINCE_MS = 3_600_000

/** `since` is where the graph begins, when that is longer ago. */
export function createMarks(live: Live, since: () => number = () => Infinity): () => Mark[] {
  const [changes, setChanges] = createSignal<AuditEntry[]>([])
  const look = async () => {
    const from = Math.min(since(), Date.now() - SINCE_MS)
    const answer = noticing(await console_.audit({ since: new Date(from).toISOString(), limit: 100 }))
    // Graphs without their marks are still graphs: the audit's own page tells that it is away.
    if (answer.ok) setChanges(answer.value.items)
  }
  onMount(() => {
    void look()
    const again = setInterval(() => void look(), EVERY_MS)
    onCleanup(() => clearInterval(again))
  })
  return () => [...marksOf(changes(), live.instances(), Date.now()), ...marksOfFaults(faults()?.items ?? [], Date.now())]
}
