//! What one may say of a title: keep it on the list, and three thumbs. Where profiles is away, nothing is offered.

import { createSignal, onMount, Show } from 'solid-js'
import { isPassing } from '@bijou/api-client/problem.ts'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { Thumb } from '@bijou/api-client/types.ts'
import { CheckIcon, HeartIcon, PlusIcon, ThumbDownIcon, ThumbUpIcon } from '@bijou/ui/icons.tsx'
import { isKnown, listed, loadMine, setOnList, setThumb, thumbs } from './state.ts'
import './Verdict.css'

export function Verdict(props: { titleId: string; name: string; onThumb?: (value: Thumb | undefined) => void }) {
  const [said, setSaid] = createSignal('')
  onMount(() => void loadMine())
  let presses = 0
  // Answers may overtake each other: of those that went well, the one to the last press is told.
  const tell = (press: number, answer: Answer<void>, done: string) => (!answer.ok || press === presses) && setSaid(answer.ok ? done
    : isPassing(answer.problem) ? 'Not kept: profiles does not answer. Try again in a moment.' : answer.problem.title)
  const list = async () => {
    const on = !listed().has(props.titleId)
    const press = (presses += 1)
    tell(press, await setOnList(props.titleId, on), on ? 'On your list' : 'Off your list')
  }
  const judge = async (value: Thumb, done: string) => {
    const next = thumbs().get(props.titleId) === value ? undefined : value
    const press = (presses += 1)
    const answer = await setThumb(props.titleId, next)
    tell(press, answer, next ? done : 'Taken back')
    if (answer.ok) props.onThumb?.(next)
  }
  const pressed = (value: Thumb) => thumbs().get(props.titleId) === value
  return (
    <Show when={isKnown()}>
      <button type="button" class="verdict" id={`list-${props.titleId}`} aria-pressed={listed().has(props.titleId)} aria-label={`My list: ${props.name}`}
        title="My list" onClick={() => void list()}>
        <Show when={listed().has(props.titleId)} fallback={<PlusIcon />}><CheckIcon /></Show><span aria-hidden="true">My list</span>
      </button>
      <span class="verdicts" role="group" aria-label="Your verdict">
        <button type="button" class="verdict verdict--round" id={`down-${props.titleId}`} aria-pressed={pressed('down')} aria-label="Not for me" title="Not for me"
          onClick={() => void judge('down', 'You will see less like it')}><ThumbDownIcon /></button>
        <button type="button" class="verdict verdict--round" id={`up-${props.titleId}`} aria-pressed={pressed('up')} aria-label="I like it" title="I like it"
          onClick={() => void judge('up', 'You will see more like it')}><ThumbUpIcon /></button>
        <button type="button" class="verdict verdict--round verdict--love" id={`love-${props.titleId}`} aria-pressed={pressed('double_up')} aria-label="I love it" title="I love it"
          onClick={() => void judge('double_up', 'You will see much more like it')}><HeartIcon /></button>
      </span>
      <p class="verdicts__said" role="status">{said()}</p>
    </Show>
  )
}
