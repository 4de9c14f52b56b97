//! The dark room: the film, and over it whatever is needed to steer it, gone when nobody moves.

import { createEffect, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import type { Playback } from '@bijou/api-client/types.ts'
import { IdleTimer } from '@bijou/player/idle.ts'
import { commandFor } from '@bijou/player/keys.ts'
import { Player } from '@bijou/player/player.ts'
import { initial, type PlayerState } from '@bijou/player/state.ts'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { AgainIcon, BackIcon, PlayIcon } from '@bijou/ui/icons.tsx'
import { titled } from '../Frame.tsx'
import { pathOf } from '../places.ts'
import { bijou, member } from '../platform.ts'
import { go, goBack } from '../router.ts'
import { Controls } from './Controls.tsx'
import { opener } from './open.ts'
import { loadProgramme, type Programme } from './programme.ts'
import './Watch.css'

export function Watch(props: { titleId: string; episodeId: string | undefined }) {
  let stage!: HTMLElement
  let video!: HTMLVideoElement
  const [player, setPlayer] = createSignal<Player>()
  const [state, setState] = createSignal<PlayerState>(initial)
  const [programme, setProgramme] = createSignal<Programme>()
  const [idle, setIdle] = createSignal(false)
  const timer = new IdleTimer(3000, setIdle)
  titled(() => programme()?.name ?? 'Film')

  const leave = () => goBack({ kind: 'title', id: props.titleId })
  const start = () => {
    player()?.destroy()
    setState(initial)
    let playback: Playback | undefined
    const next = new Player({
      video, stage, leave,
      open: opener(bijou, props.titleId, props.episodeId, (opened) => (playback = opened)),
      report: (kind, position_s) => void (playback && bijou.report(playback, kind, position_s)),
    })
    setPlayer(next)
    next.subscribe(setState)
    void next.start()
  }

  onMount(() => {
    createEffect(on(() => [props.titleId, props.episodeId, member().kind] as const, ([id, episode, kind]) => {
      if (kind !== 'signed-in') return
      start()
      setProgramme(undefined)
      void loadProgramme(bijou, id, episode).then(setProgramme)
    }))
    timer.stir()
    stage.focus()
  })
  onCleanup(() => {
    timer.stop()
    player()?.destroy()
  })

  const onKey = (event: KeyboardEvent) => {
    timer.stir()
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const target = event.target instanceof Element ? event.target : undefined
    if (target?.closest('[role="menu"]')) return
    const command = commandFor({
      key: event.key,
      onButton: target?.closest('button, a') != null,
      onSlider: target?.matches('input[type="range"]') ?? false,
      fullScreen: state().fullScreen,
    })
    if (!command) return
    event.preventDefault()
    player()?.command(command)
  }
  // A mouse presses play on the picture; a finger first asks for the controls.
  const onPicture = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') return player()?.command({ kind: 'toggle-play' })
    if (idle()) timer.stir()
    else timer.settle()
  }
  const playing = () => state().phase.kind === 'playing'
  const hidden = () => idle() && playing()
  const failed = () => {
    const { phase } = state()
    return phase.kind === 'failed' ? phase : undefined
  }
  const reconnecting = () => {
    const { phase } = state()
    return phase.kind === 'waiting' && phase.reconnecting
  }

  return (
    <main class="watch" classList={{ 'watch--still': hidden() }} ref={stage} tabindex="-1" data-own-keys
      onKeyDown={onKey} onPointerMove={(event) => event.pointerType === 'mouse' && timer.stir()} onFocusIn={() => timer.stir()}>
      <h1 class="hidden-text" tabindex="-1">{programme()?.name ?? 'Film'}</h1>
      {/* Captions are drawn by this page from the same cues; see `captions.ts`. */}
      <video class="watch__video" ref={video} playsinline onPointerUp={onPicture}
        onDblClick={() => player()?.command({ kind: 'toggle-full-screen' })} />
      <Show when={state().cues.length > 0}>
        <div class="watch__cues" classList={{ 'watch__cues--high': !hidden() }} lang={state().captions.find((track) => track.id === state().caption)?.language}>
          <For each={state().cues}>{(line) => <p><span>{line}</span></p>}</For>
        </div>
      </Show>
      <Switch>
        <Match when={failed()}>
          {(phase) => (
            <div class="watch__word" role="alert">
              <p class="watch__big">{phase().title}</p>
              <p class="quiet">{phase().words}</p>
              <div class="watch__ways">
                <button type="button" class="button button--main" onClick={start}><AgainIcon />Try again</button>
                <a class="button" href={pathOf({ kind: 'title', id: props.titleId })}>Back to the film’s page</a>
              </div>
              <Show when={phase().requestId}>{(id) => <p class="faint watch__request">Request <code>{id()}</code></p>}</Show>
            </div>
          )}
        </Match>
        <Match when={state().phase.kind === 'ended'}>
          <div class="watch__word">
            <p class="watch__big">The end</p>
            <Show when={programme()?.attribution}>{(text) => <p class="quiet">{text()}</p>}</Show>
            <div class="watch__ways">
              <Show when={programme()?.next}>
                {(next) => (
                  <button type="button" class="button button--main" ref={focusSoon}
                    onClick={() => go({ kind: 'watch', id: props.titleId, episode: next().id }, 'replace')}>
                    <PlayIcon />Next: {next().name}
                  </button>
                )}
              </Show>
              <button type="button" class="button" onClick={() => {
                player()?.seek(0)
                void player()?.play()
              }}><AgainIcon />Once more</button>
              <a class="button" href="/">Back to the foyer</a>
            </div>
          </div>
        </Match>
        <Match when={state().phase.kind === 'opening' || state().phase.kind === 'waiting'}>
          <div class="watch__wait">
            <WaitingBulbs large label={reconnecting() ? 'Reconnecting' : 'The film is coming up'} />
            <Show when={reconnecting()}><p>Reconnecting. The film goes on where it stopped.</p></Show>
          </div>
        </Match>
        <Match when={state().phase.kind === 'ready'}>
          <div class="watch__wait">
            <button type="button" class="watch__press" aria-label="Play" ref={focusSoon} onClick={() => void player()?.play()}><PlayIcon /></button>
          </div>
        </Match>
      </Switch>
      <div class="watch__top">
        <button type="button" class="control" aria-label="Leave the film" onClick={leave}><BackIcon /></button>
        <div>
          <p class="watch__name">{programme()?.name}</p>
          <Show when={programme()?.episode}>{(episode) => <p class="quiet">{episode()}</p>}</Show>
        </div>
      </div>
      <Show when={player() && !failed() && state().phase.kind !== 'ended'}>
        <Controls state={state()} player={player()!} />
      </Show>
    </main>
  )
}

const focusSoon = (button: HTMLElement) => queueMicrotask(() => button.focus())
