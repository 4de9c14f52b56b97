//! What a list is narrowed to, kept in the address: a filtered view is a link, and survives a reload.

import { For, onCleanup } from 'solid-js'
import { narrow, query } from '../places.ts'

export type Filter = { name: string; label: string } & (
  | { kind: 'text' }
  /** `none` says what nothing chosen means. */
  | { kind: 'choice'; choices: readonly (readonly [value: string, label: string])[]; none?: string }
)

/** A pause in typing this long, and what is typed is asked for. */
const TYPED_MS = 250

export function FilterBar(props: { filters: readonly Filter[]; label: string }) {
  let typed: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(typed))
  // All fields at once: somebody may type into the next before the pause after the first is over.
  const take = (form: HTMLFormElement) => {
    clearTimeout(typed)
    narrow(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])))
  }
  const type = (form: HTMLFormElement) => {
    clearTimeout(typed)
    typed = setTimeout(() => take(form), TYPED_MS)
  }
  return (
    <form class="filters" role="search" aria-label={props.label} onChange={(event) => take(event.currentTarget)} onInput={(event) => type(event.currentTarget)}
      onSubmit={(event) => event.preventDefault()}>
      <For each={props.filters}>
        {(filter) => (
          <label>{filter.label}{' '}
            {filter.kind === 'choice'
              ? (
                <select name={filter.name}>
                  <option value="" selected={!query()[filter.name]}>{filter.none ?? 'all'}</option>
                  <For each={filter.choices}>{([value, label]) => <option value={value} selected={query()[filter.name] === value}>{label}</option>}</For>
                </select>
              )
              : <input type="search" name={filter.name} autocomplete="off" spellcheck={false} value={query()[filter.name] ?? ''} />}
          </label>
        )}
      </For>
    </form>
  )
}
