//! What is broken on purpose: asked again and again by the shell, because every page is read differently while it lasts.

import { createSignal } from 'solid-js'
import type { Fault, Faults } from '@bijou/api-client/console.ts'
import { console_, noticing } from '../operator.ts'

export const FAULTS_EVERY_MS = 2000

const [faults, setFaults] = createSignal<Faults>()
export { faults }

export const running = (): Fault[] => faults()?.items.filter((fault) => fault.state === 'running') ?? []

/** The list as it is now; without an answer the last one stays. */
export async function lookAtFaults(): Promise<void> {
  const answer = noticing(await console_.faults())
  if (answer.ok) setFaults(answer.value)
}

export const placeOfFault = (fault: Fault): string =>
  fault.route === undefined ? `${fault.from ?? 'everybody'} → ${fault.to}` : `route ${fault.route}`

export function whatItDoes(fault: Fault): string {
  switch (fault.kind) {
    case 'delay': return `delay ${fault.delay_ms} ms`
    case 'abort': return `answer ${fault.status}`
    default: return `at most ${fault.per_second} a second`
  }
}

export const forWhom = (fault: Fault): string =>
  `${fault.percent} % of requests${fault.accounts_percent === undefined ? '' : `, of ${fault.accounts_percent} % of accounts`}`
