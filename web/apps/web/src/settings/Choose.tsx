//! One of a short list: the browser's own list, or on a television all of it in view, since arrows would be caught in a list.

import { For, Show } from 'solid-js'
import { isTv } from '../tv/mode.ts'
import '../door/Field.css'
import './Choose.css'

export interface Choice { value: string; words: string }

export function Choose(props: { id: string; label: string; choices: Choice[]; value: string; change: (value: string) => void }) {
  return (
    <Show when={isTv()} fallback={
      <div class="select">
        <label for={props.id}>{props.label}</label>
        <select id={props.id} onChange={(event) => props.change(event.currentTarget.value)}>
          <For each={props.choices}>{(each) => <option value={each.value} selected={props.value === each.value}>{each.words}</option>}</For>
        </select>
      </div>
    }>
      <Chips {...props} />
    </Show>
  )
}

/** All of the list in view; also where there are only a few to choose from. */
export function Chips(props: { id: string; label: string; choices: Choice[]; value: string; change: (value: string) => void }) {
  return (
    <fieldset class="choice">
      <legend>{props.label}</legend>
      <div class="choice__ways" data-focus-row={props.id}>
        <For each={props.choices}>
          {(each) => (
            <label class="choice__way">
              <input type="radio" id={`${props.id}-${each.value}`} name={props.id} value={each.value} checked={props.value === each.value}
                onChange={() => props.change(each.value)} />
              {each.words}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}
