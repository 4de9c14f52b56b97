//! Facts about one thing, each with its name above it.

import { For, type JSX } from 'solid-js'

export interface Fact { name: string; value: JSX.Element; mono?: boolean }

/** What is absent is left out. */
export function KeyValues(props: { facts: readonly (Fact | undefined)[] }) {
  return (
    <dl class="facts">
      <For each={props.facts.filter((fact) => fact !== undefined)}>
        {(fact) => <div><dt>{fact.name}</dt><dd classList={{ mono: fact.mono ?? false }}>{fact.value}</dd></div>}
      </For>
    </dl>
  )
}
