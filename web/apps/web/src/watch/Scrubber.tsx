//! Where the film is, and a hand on it: a picture and a time above the place that is pointed at; the film follows when it
//! is let go.

import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import type { Marks } from '@bijou/api-client/types.ts'
import type { Player } from '@bijou/player/player.ts'
import type { Preview } from '@bijou/player/preview.ts'
import type { PlayerState } from '@bijou/player/state.ts'
import { clock, spokenClock } from '../words.ts'

/** What an arrow key moves, in seconds; Page keys move six times that. */
const STEP_S = 10

export function Scrubber(props: { state: PlayerState; player: Player; marks: Marks | undefined }) {
  /** Where the hand is, while it is held. */
  const [held_s, setHeld] = createSignal<number>()
  /** Where the mouse points. */
  const [pointed_s, setPointed] = createSignal<number>()
  const [focused, setFocused] = createSignal(false)
  const shown_s = () => held_s() ?? props.state.position_s
  const share = (part_s: number) => `${props.state.duration_s > 0 ? Math.min(100, (part_s / props.state.duration_s) * 100) : 0}%`
  const preview_s = () => held_s() ?? pointed_s() ?? (focused() ? props.state.position_s : undefined)
  let picture!: HTMLVideoElement
  let preview: Preview | undefined
  /** Not before the first picture has come: a film without key frames shows the time alone. */
  const [pictured, setPictured] = createSignal(false)
  const forget = () => {
    preview?.destroy()
    preview = undefined
    setPictured(false)
  }
  createEffect(() => {
    const { player } = props
    onCleanup(forget)
    createEffect(() => {
      const at_s = held_s() ?? pointed_s()
      if (at_s === undefined) return
      preview ??= player.preview(picture)
      preview?.show(at_s)
    })
  })

  const at = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * props.state.duration_s
  }
  const letGo = () => {
    const to_s = held_s()
    setHeld(undefined)
    if (to_s !== undefined) props.player.seek(to_s)
  }
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP_S, ArrowRight: STEP_S, PageDown: -6 * STEP_S, PageUp: 6 * STEP_S }[event.key]
    if (by === undefined) return
    event.preventDefault()
    props.player.command({ kind: 'seek-by', seconds: by })
  }
  return (
    <div class="controls__line" data-focus-row="scrubber">
      <span class="controls__time">{clock(shown_s())}</span>
      <div class="scrubber" onPointerMove={(event) => event.pointerType === 'mouse' && setPointed(at(event))} onPointerLeave={() => setPointed(undefined)}>
        <video class="scrubber__picture" ref={picture} muted playsinline aria-hidden="true" tabindex="-1" onLoadedData={() => setPictured(true)}
          classList={{ 'scrubber__picture--there': pictured() && (held_s() ?? pointed_s()) !== undefined }}
          style={{ left: share(held_s() ?? pointed_s() ?? 0) }} />
        <Show when={preview_s() !== undefined}>
          <output class="scrubber__time" aria-hidden="true" style={{ left: share(preview_s() ?? 0) }}>{clock(preview_s() ?? 0)}</output>
        </Show>
        <Show when={props.marks?.intro}>
          {(intro) => <i class="scrubber__part" style={{ left: share(intro().start_s), width: share(intro().end_s - intro().start_s) }} />}
        </Show>
        <Show when={props.marks?.credits}>
          {(credits) => <i class="scrubber__part" style={{ left: share(credits().start_s), right: '0%' }} />}
        </Show>
        <input class="slider controls__position" id="position" type="range" aria-label="Position in the film"
          min="0" max={props.state.duration_s || 1} step="1" value={shown_s()}
          aria-valuetext={`${spokenClock(shown_s())} of ${spokenClock(props.state.duration_s)}`}
          style={{ '--done': share(shown_s()), '--loaded': share(props.state.buffered_s) }}
          onKeyDown={onKey} onFocus={() => setFocused(true)} onBlur={() => setFocused(false)}
          onInput={(event) => setHeld(event.currentTarget.valueAsNumber)} onChange={letGo} />
      </div>
      <span class="controls__time">{clock(props.state.duration_s)}</span>
    </div>
  )
}
