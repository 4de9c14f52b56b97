//! On or off, with its label and what it does.

import { createUniqueId, Show } from 'solid-js'
import './Switch.css'

export function Switch(props: { label: string; hint?: string; on: boolean; change: (on: boolean) => void; id?: string }) {
  const id = props.id ?? createUniqueId()
  return (
    <div class="switch">
      <input class="switch__box" type="checkbox" role="switch" id={id} checked={props.on}
        aria-describedby={props.hint ? `${id}-hint` : undefined} onChange={(event) => props.change(event.currentTarget.checked)} />
      <label for={id}>{props.label}</label>
      <Show when={props.hint}>{(hint) => <p class="switch__hint faint" id={`${id}-hint`}>{hint()}</p>}</Show>
    </div>
  )
}
