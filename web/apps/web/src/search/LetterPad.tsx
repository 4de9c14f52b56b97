//! Letters on the page, for whoever has four arrows, OK and Back. What is found stands to the right of them.
//!
//! A keyboard that happens to be there may write as well; the field itself never has focus on a television.

import { For, onCleanup, onMount } from 'solid-js'
import { CLEAR, DELETE, LETTERS, SPACE } from './letters.ts'
import './LetterPad.css'

const WIDE = [{ key: SPACE, words: 'Space' }, { key: DELETE, words: 'Delete' }, { key: CLEAR, words: 'Clear' }]

export function LetterPad(props: { write: (key: string) => void }) {
  onMount(() => {
    const typed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || [...event.key].length !== 1) return
      event.preventDefault()
      props.write(event.key === ' ' ? SPACE : event.key)
    }
    addEventListener('keydown', typed)
    onCleanup(() => removeEventListener('keydown', typed))
  })
  return (
    <div class="letters" role="group" aria-label="Letters" data-focus-grid="letters" data-focus-hold="down" data-focus-first>
      <div class="letters__keys">
        <For each={LETTERS}>
          {(letter) => <button type="button" class="letters__key" id={`letter-${letter}`} onClick={() => props.write(letter)}>{letter}</button>}
        </For>
        <For each={WIDE}>
          {({ key, words }) => <button type="button" class="letters__key letters__key--wide" id={`letter-${key}`} onClick={() => props.write(key)}>{words}</button>}
        </For>
      </div>
      <p class="letters__hint faint">Accents need no key: e finds é</p>
    </div>
  )
}
