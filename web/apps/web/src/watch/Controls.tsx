//! The bar below the film: where it is, and the few things one may do to it.

import { Show } from 'solid-js'
import type { Marks } from '@bijou/api-client/types.ts'
import type { Player } from '@bijou/player/player.ts'
import type { PlayerState } from '@bijou/player/state.ts'
import {
  AudioIcon, CaptionsIcon, ForwardIcon, FullScreenIcon, MutedIcon, NextIcon, PauseIcon, PlayIcon, RewindIcon, SmallScreenIcon, SoundIcon,
} from '@bijou/ui/icons.tsx'
import { isTv } from '../tv/mode.ts'
import { Scrubber } from './Scrubber.tsx'
import { TrackMenu } from './TrackMenu.tsx'

export interface ControlsProps {
  state: PlayerState
  player: Player
  marks: Marks | undefined
  /** Where there is one. */
  next: (() => void) | undefined
}

export function Controls(props: ControlsProps) {
  const running = () => props.state.phase.kind === 'playing' || props.state.phase.kind === 'waiting'
  const level = () => (props.state.muted ? 0 : props.state.volume)
  return (
    <div class="controls">
      <Scrubber state={props.state} player={props.player} marks={props.marks} />
      <div class="controls__buttons" data-focus-row="controls" data-focus-enter="first">
        <button type="button" class="control control--main" id="toggle-play" aria-label={running() ? 'Pause' : 'Play'}
          onClick={() => props.player.command({ kind: 'toggle-play' })}>
          <Show when={running()} fallback={<PlayIcon />}><PauseIcon /></Show>
        </button>
        <button type="button" class="control" id="seek-back" aria-label="Back ten seconds"
          onClick={() => props.player.command({ kind: 'seek-by', seconds: -10 })}><RewindIcon /></button>
        <button type="button" class="control" id="seek-on" aria-label="On ten seconds"
          onClick={() => props.player.command({ kind: 'seek-by', seconds: 10 })}><ForwardIcon /></button>
        {/* A television has these on its remote. */}
        <Show when={!isTv()}>
          <button type="button" class="control controls__mute" aria-label="Mute" aria-pressed={props.state.muted}
            onClick={() => props.player.command({ kind: 'toggle-sound' })}>
            <Show when={props.state.muted} fallback={<SoundIcon />}><MutedIcon /></Show>
          </button>
          <input class="slider controls__volume" type="range" aria-label="Volume" min="0" max="1" step="0.05"
            value={level()} aria-valuetext={`${Math.round(level() * 100)} percent`} style={{ '--done': `${level() * 100}%` }}
            onInput={(event) => props.player.sound.set(event.currentTarget.valueAsNumber)} />
        </Show>
        <span class="controls__gap" />
        <Show when={props.next}>
          {(next) => <button type="button" class="control" id="next-episode" aria-label="Next episode" onClick={() => next()()}><NextIcon /></button>}
        </Show>
        <Show when={props.state.audios.length > 1}>
          <TrackMenu label="Sound" icon={<AudioIcon />} lit={false} chosen={props.state.audio}
            choices={props.state.audios} choose={(id) => id !== undefined && props.player.audio.choose(id)} />
        </Show>
        <Show when={props.state.captions.length > 0}>
          <TrackMenu label="Captions" icon={<CaptionsIcon />} lit={props.state.caption !== undefined} chosen={props.state.caption}
            choices={[{ id: undefined, label: 'Off' }, ...props.state.captions]} choose={(id) => props.player.captions.choose(id)} />
        </Show>
        <Show when={!isTv()}>
          <button type="button" class="control" aria-label="Full screen" aria-pressed={props.state.fullScreen}
            onClick={() => props.player.command({ kind: 'toggle-full-screen' })}>
            <Show when={props.state.fullScreen} fallback={<FullScreenIcon />}><SmallScreenIcon /></Show>
          </button>
        </Show>
      </div>
    </div>
  )
}
