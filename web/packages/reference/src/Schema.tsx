//! A schema as a tree that opens: members with their types, what they mean, and what they may be.

import { For, Show } from 'solid-js'
import { inside, type Member, type Shape } from './shape.ts'
import { Words } from './Words.tsx'

export function Schema(props: { shape: Shape }) {
  return (
    <div class="schema">
      <p class="schema__whole"><Type shape={props.shape} /> <Words text={props.shape.description} /></p>
      <Facts shape={props.shape} />
      <Inside shape={props.shape} open />
    </div>
  )
}

const Type = (props: { shape: Shape }) => <span class="schema__type">{props.shape.type}</span>

/** Limits and choices, in words. */
export function Facts(props: { shape: Shape }) {
  return (
    <>
      <Show when={props.shape.notes.length > 0}><p class="schema__notes">{props.shape.notes.join(', ')}</p></Show>
      <Show when={props.shape.choices.length > 0}>
        <p class="schema__notes">is <For each={props.shape.choices}>{(choice, at) => <>{at() > 0 && ', '}<code>{choice}</code></>}</For></p>
      </Show>
    </>
  )
}

/** `open`: everything of the first level is there at once; deeper ones open by themselves when asked. */
function Inside(props: { shape: Shape; open?: boolean }) {
  return (
    <>
      <Show when={props.shape.members.length > 0}><ul class="schema__members"><For each={props.shape.members}>{(member) => <li><One member={member} /></li>}</For></ul></Show>
      <Show when={props.shape.each && inside(props.shape.each) && props.shape.each}>{(each) => <Inside shape={each()} open={props.open ?? false} />}</Show>
      <Show when={props.shape.alternatives.length > 0}>
        <ul class="schema__members">
          <For each={props.shape.alternatives}>
            {(one, at) => <li><Opening shape={one} name={<span class="faint">{at() === 0 ? 'either' : 'or'}</span>} /></li>}
          </For>
        </ul>
      </Show>
    </>
  )
}

const One = (props: { member: Member }) =>
  <Opening shape={props.member.shape} name={<><code class="schema__name">{props.member.name}</code><Show when={props.member.required}><span class="schema__needed"> needed</span></Show></>} />

function Opening(props: { shape: Shape; name: import('solid-js').JSX.Element }) {
  const line = () => (
    <>
      {props.name} <Type shape={props.shape} />
      <Show when={props.shape.closed}><span class="faint"> as above</span></Show>
    </>
  )
  const more = () => (
    <>
      <Show when={props.shape.description}>{(text) => <p class="schema__says"><Words text={text()} /></p>}</Show>
      <Facts shape={props.shape} />
    </>
  )
  return (
    <Show when={inside(props.shape)} fallback={<><p>{line()}</p>{more()}</>}>
      <details class="schema__more"><summary>{line()}</summary>{more()}<Inside shape={props.shape} /></details>
    </Show>
  )
}
