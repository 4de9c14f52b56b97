//! The bar below the film: where it is, and the few things one may do to it.

import { createSignal, For, Show } from 'solid-js'
import type { Player } from '@bijou/player/player.ts'
import type { PlayerState } from '@bijou/player/state.ts'
import {
  CaptionsIcon, ForwardIcon, FullScreenIcon, MutedIcon, PauseIcon, PlayIcon, RewindIcon, SmallScreenIcon, SoundIcon,
} from '@bijou/ui/icons.tsx'
import { clock, spokenClock } from '../words.ts'

export function Controls(props: { state: PlayerState; player: Player }) {
  const running = () => props.state.phase.kind === 'playing' || props.state.phase.kind === 'waiting'
  const share = (part: number) => `${props.state.duration_s > 0 ? (part / props.state.duration_s) * 100 : 0}%`
  const level = () => (props.state.muted ? 0 : props.state.volume)
  return (
    <div class="controls">
      <div class="controls__line">
        <span class="controls__time">{clock(props.state.position_s)}</span>
        <input class="slider controls__position" type="range" aria-label="Position in the film"
          min="0" max={props.state.duration_s || 1} step="1" value={props.state.position_s}
          aria-valuetext={`${spokenClock(props.state.position_s)} of ${spokenClock(props.state.duration_s)}`}
          style={{ '--done': share(props.state.position_s), '--loaded': share(props.state.buffered_s) }}
          onInput={(event) => props.player.seek(event.currentTarget.valueAsNumber)} />
        <span class="controls__time">{clock(props.state.duration_s)}</span>
      </div>
      <div class="controls__buttons">
        <button type="button" class="control control--main" aria-label={running() ? 'Pause' : 'Play'}
          onClick={() => props.player.command({ kind: 'toggle-play' })}>
          <Show when={running()} fallback={<PlayIcon />}><PauseIcon /></Show>
        </button>
        <button type="button" class="control" aria-label="Back ten seconds"
          onClick={() => props.player.command({ kind: 'seek-by', seconds: -10 })}><RewindIcon /></button>
        <button type="button" class="control" aria-label="On ten seconds"
          onClick={() => props.player.command({ kind: 'seek-by', seconds: 10 })}><ForwardIcon /></button>
        <button type="button" class="control" aria-label="Mute" aria-pressed={props.state.muted}
          onClick={() => props.player.command({ kind: 'toggle-sound' })}>
          <Show when={props.state.muted} fallback={<SoundIcon />}><MutedIcon /></Show>
        </button>
        <input class="slider controls__volume" type="range" aria-label="Volume" min="0" max="1" step="0.05"
          value={level()} aria-valuetext={`${Math.round(level() * 100)} percent`} style={{ '--done': `${level() * 100}%` }}
          onInput={(event) => props.player.sound.set(event.currentTarget.valueAsNumber)} />
        <span class="controls__gap" />
        <Show when={props.state.captions.length > 0}><Captions state={props.state} player={props.player} /></Show>
        <button type="button" class="control" aria-label="Full screen" aria-pressed={props.state.fullScreen}
          onClick={() => props.player.command({ kind: 'toggle-full-screen' })}>
          <Show when={props.state.fullScreen} fallback={<FullScreenIcon />}><SmallScreenIcon /></Show>
        </button>
      </div>
    </div>
  )
}

function Captions(props: { state: PlayerState; player: Player }) {
  let button!: HTMLButtonElement
  const [open, setOpen] = createSignal(false)
  const close = () => {
    setOpen(false)
    button.focus()
  }
  const choose = (id: number | undefined) => {
    props.player.captions.choose(id)
    close()
  }
  const onKey = (event: KeyboardEvent) => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') close()
    else if (step !== undefined) items[(at + step + items.length) % items.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const focusChosen = (menu: HTMLElement) => queueMicrotask(() => menu.querySelector<HTMLElement>('[aria-checked="true"]')?.focus())
  return (
    <div class="captions" onFocusOut={(event) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false)
    }}>
      <button type="button" class="control" ref={button} aria-label="Captions" aria-haspopup="menu" aria-expanded={open()}
        classList={{ 'control--on': props.state.caption !== undefined }} onClick={() => setOpen(!open())}>
        <CaptionsIcon />
      </button>
      <Show when={open()}>
        <div class="captions__menu" role="menu" aria-label="Captions" ref={focusChosen} onKeyDown={onKey}>
          <button type="button" role="menuitemradio" aria-checked={props.state.caption === undefined} onClick={() => choose(undefined)}>Off</button>
          <For each={props.state.captions}>
            {(track) => (
              <button type="button" role="menuitemradio" aria-checked={props.state.caption === track.id}
                onClick={() => choose(track.id)}>{track.label}</button>
            )}
          </For>
        </div>
      </Show>
    </div>
  )
}
