//! When the film is not shown: it failed, it is over, another device has its seat.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { NextEpisode, Stream, TitleSummary } from '@bijou/api-client/types.ts'
import type { Phase } from '@bijou/player/state.ts'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { AgainIcon, PlayIcon } from '@bijou/ui/icons.tsx'
import { titlesById } from '../mine/titles.ts'
import { pathOf } from '../places.ts'
import { bijou } from '../platform.ts'
import { ago } from '../words.ts'

/** For somebody who has nothing else in hand: a menu that is open keeps its focus. */
export const focusSoon = (button: HTMLElement): void => queueMicrotask(() => {
  if (!document.activeElement?.closest('.controls')) button.focus()
})

export function Failed(props: { phase: Extract<Phase, { kind: 'failed' }>; titleId: string; again: () => void }) {
  return (
    <div class="watch__word" role="alert">
      <p class="watch__big">{props.phase.title}</p>
      <p class="quiet">{props.phase.words}</p>
      <div class="watch__ways" data-focus-row>
        <button type="button" class="button button--main" id="again" ref={focusSoon} onClick={() => props.again()}><AgainIcon />Try again</button>
        <a class="button" id="to-title" href={pathOf({ kind: 'title', id: props.titleId })}>Back to the film’s page</a>
      </div>
      <Show when={props.phase.requestId}>{(id) => <p class="faint watch__request">Request <code>{id()}</code></p>}</Show>
    </div>
  )
}

export function TheEnd(props: { attribution: string | undefined; next: NextEpisode | undefined; playNext: () => void; again: () => void }) {
  return (
    <div class="watch__word">
      <p class="watch__big">The end</p>
      <Show when={props.attribution}>{(text) => <p class="quiet">{text()}</p>}</Show>
      <div class="watch__ways" data-focus-row>
        <Show when={props.next}>
          {(next) => (
            <button type="button" class="button button--main" id="end-next" ref={focusSoon} onClick={() => props.playNext()}>
              <PlayIcon />Next: {next().name}
            </button>
          )}
        </Show>
        <button type="button" class="button" id="end-again" onClick={() => props.again()}><AgainIcon />Once more</button>
        <a class="button" id="end-home" href="/">Back to the foyer</a>
      </div>
    </div>
  )
}

/** Somebody of the household pressed "Watch here" elsewhere. */
export function TakenOver(props: { why: 'taken-over' | 'over'; titleId: string; again: () => void }) {
  return (
    <div class="watch__word" role="alert">
      <p class="watch__big">{props.why === 'taken-over' ? 'It goes on elsewhere' : 'This showing is over'}</p>
      <p class="quiet">
        {props.why === 'taken-over'
          ? 'Another device of your household has taken this seat. Where you stopped is kept.'
          : 'It was ended elsewhere, or paused for so long that its seat was given away. Where you stopped is kept.'}
      </p>
      <div class="watch__ways" data-focus-row>
        <button type="button" class="button button--main" id="take-back" ref={focusSoon} onClick={() => props.again()}><PlayIcon />Watch here</button>
        <a class="button" id="over-title" href={pathOf({ kind: 'title', id: props.titleId })}>Back to the film’s page</a>
      </div>
    </div>
  )
}

/** As many devices as the household may use: one of them can give up its seat. */
export function FullHouse(props: { streams: Stream[]; takeOver: (playbackId: string) => void; leave: () => void }) {
  const [names, setNames] = createSignal(new Map<string, TitleSummary>())
  onMount(() => void titlesById(bijou, props.streams.flatMap((each) => each.title_id ?? [])).then((answer) => answer.ok && setNames(answer.value)))
  return (
    <Dialog labelledby="full-house" class="full-house" close={props.leave} plain>
      <h2 id="full-house">All seats are taken</h2>
      <p class="quiet">Your household watches on as many devices as it may. Take a seat over, and the film there stops; where it stopped is kept.</p>
      <ul class="full-house__streams">
        <For each={props.streams}>
          {(stream) => (
            <li data-focus-row>
              <span>
                <b>{stream.device_name || 'A device without a name'}</b>
                <span class="faint">{names().get(stream.title_id ?? '')?.name ?? 'A film'}, begun {ago(stream.started_at)}</span>
              </span>
              <button type="button" class="button button--small" id={`take-${stream.playback_id}`}
                aria-label={`Watch here instead of on ${stream.device_name || 'that device'}`} onClick={() => props.takeOver(stream.playback_id)}>Watch here</button>
            </li>
          )}
        </For>
      </ul>
      <div class="ways" data-focus-row>
        <button type="button" class="button" id="full-leave" onClick={() => props.leave()}>Never mind</button>
      </div>
    </Dialog>
  )
}
