//! One line of a form: label above, hint below, and for passwords a way to see what was typed.

import { createSignal, createUniqueId, Show } from 'solid-js'
import './Field.css'

export interface FieldProps {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  hint?: string
  autocomplete: string
  required?: boolean
  minlength?: number
}

export function Field(props: FieldProps) {
  const id = createUniqueId()
  const [seen, setSeen] = createSignal(false)
  const isPassword = () => props.type === 'password'
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="field__box">
        <input id={id} name={props.name} type={isPassword() && seen() ? 'text' : props.type ?? 'text'}
          autocomplete={props.autocomplete} required={props.required ?? false} minlength={props.minlength}
          autocapitalize="none" spellcheck={false} aria-describedby={props.hint ? `${id}-hint` : undefined} />
        <Show when={isPassword()}>
          <button type="button" aria-pressed={seen()} aria-label="Show password" onClick={() => setSeen(!seen())}>
            {seen() ? 'Hide' : 'Show'}
          </button>
        </Show>
      </div>
      <Show when={props.hint}>{(hint) => <p class="field__hint" id={`${id}-hint`}>{hint()}</p>}</Show>
    </div>
  )
}
