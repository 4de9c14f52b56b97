//! How captions look, with a picture to judge by.

import { For } from 'solid-js'
import type { CaptionStyle } from '@bijou/api-client/types.ts'
import { Chips } from './Choose.tsx'
import './cues.css'

const CHOICES: { [K in keyof CaptionStyle]: { name: string; of: { value: CaptionStyle[K]; words: string }[] } } = {
  size: { name: 'Size', of: [{ value: 'small', words: 'Small' }, { value: 'medium', words: 'Medium' }, { value: 'large', words: 'Large' }, { value: 'huge', words: 'Huge' }] },
  colour: { name: 'Colour', of: [{ value: 'white', words: 'White' }, { value: 'yellow', words: 'Yellow' }, { value: 'green', words: 'Green' }, { value: 'cyan', words: 'Cyan' }] },
  background: { name: 'Behind them', of: [{ value: 'none', words: 'Nothing' }, { value: 'shade', words: 'Shade' }, { value: 'box', words: 'Black' }] },
}

export function CaptionSettings(props: { style: CaptionStyle; change: (style: CaptionStyle) => void }) {
  return (
    <div class="captioned">
      <div class="captioned__film" aria-hidden="true">
        <p class="cues" data-size={props.style.size} data-colour={props.style.colour} data-background={props.style.background}>
          <span>Somebody lit this one for you.</span>
        </p>
      </div>
      <For each={Object.keys(CHOICES) as (keyof CaptionStyle)[]}>
        {(key) => (
          <Chips id={`captions-${key}`} label={CHOICES[key].name} choices={CHOICES[key].of} value={props.style[key]}
            change={(value) => props.change({ ...props.style, [key]: value })} />
        )}
      </For>
    </div>
  )
}
