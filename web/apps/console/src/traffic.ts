//! What went where in the last minute, of the requests that are traced: counts, failures and times for every edge of the map.
//! Pure; time is an argument.

import type { Outcome, Traced } from '@bijou/api-client/console.ts'

export const WINDOW_S = 60
/** Bound on what is remembered; at 50 sampled requests a second with four hops a minute holds 12,000. */
const PASSES_MAX = 20_000

interface Pass { at_ms: number; from: string; to: string; duration_ms: number; outcome: Outcome }

export interface Edge { from: string; to: string; requests: number; per_second: number; failed: number; p99_ms: number }

export class Traffic {
  #passes: Pass[] = []
  #began_ms: number | undefined
  #counted = new Map<string, number>()

  /** A request told again with a higher revision replaces what was counted of it. */
  add(traced: Traced, now_ms: number): void {
    // What the console tried itself is nobody's evening.
    if (traced.check !== undefined) return
    this.#began_ms ??= now_ms
    const before = this.#counted.get(traced.id) ?? 0
    this.#counted.set(traced.id, traced.hops.length)
    for (const hop of traced.hops.slice(before)) {
      this.#passes.push({ at_ms: now_ms, from: hop.from, to: hop.to, duration_ms: hop.duration_ms, outcome: hop.outcome })
    }
    this.#forget(now_ms)
  }

  edges(now_ms: number): Edge[] {
    return groups(this.#lately(now_ms), (pass) => `${pass.from} ${pass.to}`).map((passes) => ({
      from: passes[0]?.from ?? '', to: passes[0]?.to ?? '', requests: passes.length, per_second: passes.length / this.#seen_s(now_ms),
      failed: passes.filter((pass) => pass.outcome === 'failed').length, p99_ms: quantile(passes.map((pass) => pass.duration_ms), 0.99),
    })).sort((a, b) => b.requests - a.requests)
  }

  /** Rates of a page that was opened just now are of the time it has seen, not of a minute it has not. */
  #seen_s(now_ms: number): number {
    return Math.min(WINDOW_S, Math.max(1, (now_ms - (this.#began_ms ?? now_ms)) / 1000))
  }

  #lately(now_ms: number): Pass[] {
    return this.#passes.filter((pass) => now_ms - pass.at_ms <= WINDOW_S * 1000)
  }

  #forget(now_ms: number): void {
    if (this.#passes.length > PASSES_MAX) this.#passes = this.#lately(now_ms).slice(-PASSES_MAX / 2)
    if (this.#counted.size > PASSES_MAX) this.#counted = new Map([...this.#counted].slice(-PASSES_MAX / 2))
  }
}

function groups(passes: readonly Pass[], keyOf: (pass: Pass) => string): Pass[][] {
  const found = new Map<string, Pass[]>()
  for (const pass of passes) {
    const known = found.get(keyOf(pass))
    if (known) known.push(pass)
    else found.set(keyOf(pass), [pass])
  }
  return [...found.values()]
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
