//! The dark room: the film, and over it whatever is needed to steer it, gone when nobody moves.

import { createEffect, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import type { Playback, Stream } from '@bijou/api-client/types.ts'
import { IdleTimer } from '@bijou/player/idle.ts'
import { commandFor } from '@bijou/player/keys.ts'
import { Player } from '@bijou/player/player.ts'
import { initial, type PlayerState } from '@bijou/player/state.ts'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { BackIcon, PlayIcon } from '@bijou/ui/icons.tsx'
import { titled } from '../Frame.tsx'
import { outdateHome } from '../home/state.ts'
import { bijou, me, member } from '../platform.ts'
import { go, goBack } from '../router.ts'
import { loadPreferences, preferences } from '../settings/preferences.ts'
import { isTv } from '../tv/mode.ts'
import { deviceName } from '../words.ts'
import { Controls } from './Controls.tsx'
import { Failed, focusSoon, FullHouse, TakenOver, TheEnd } from './Endings.tsx'
import { NextUp, Resumed, SkipIntro } from './Offers.tsx'
import { offerAt } from './offers.ts'
import { opener, overBy } from './open.ts'
import { positions } from './positions.ts'
import { loadProgramme, type Programme } from './programme.ts'
import { remoteCommand } from './remote.ts'
import '../settings/cues.css'
import './Watch.css'

export function Watch(props: { titleId: string; episodeId: string | undefined }) {
  let stage!: HTMLElement
  let picture!: HTMLDivElement
  let video!: HTMLVideoElement
  const [player, setPlayer] = createSignal<Player>()
  const [state, setState] = createSignal<PlayerState>(initial)
  const [programme, setProgramme] = createSignal<Programme>()
  const [playback, setPlayback] = createSignal<Playback>()
  const [streams, setStreams] = createSignal<Stream[]>()
  const [over, setOver] = createSignal<'taken-over' | 'over'>()
  /** The person wants to see the credits: no countdown any more. */
  const [staying, setStaying] = createSignal(false)
  /** Said once that it goes on from where it was left. */
  const [begun, setBegun] = createSignal(false)
  const [told, setTold] = createSignal(false)
  const [idle, setIdle] = createSignal(false)
  let left = false
  const timer = new IdleTimer(3000, (now) => {
    setIdle(now)
    // Focus on a control that nobody sees would be lost.
    if (now && isTv() && playing() && picture.parentElement?.querySelector('.controls')?.contains(document.activeElement)) picture.focus()
  })
  titled(() => programme()?.name ?? 'Film')

  const leave = () => goBack({ kind: 'title', id: props.titleId })
  const start = (takeOver?: string) => {
    player()?.destroy()
    setState(initial)
    setStreams(undefined)
    setOver(undefined)
    setStaying(false)
    setBegun(false)
    setTold(false)
    setPlayback(undefined)
    const next = new Player({
      video, stage, leave,
      audioLanguage: preferences().audio_language,
      captionLanguage: preferences().caption_language,
      open: opener(bijou, {
        titleId: props.titleId, episodeId: props.episodeId, deviceName: deviceName(navigator.userAgent), takeOver,
        opened: setPlayback, crowded: setStreams,
      }),
      report: (kind, position_s, state, events) => {
        const current = playback()
        if (!current) return
        positions.report(current, position_s, state)
        outdateHome()
        void say(current, kind, position_s, events)
      },
      tell: (position_s, events) => {
        const current = playback()
        if (current) void say(current, 'progress', position_s, events)
      },
    })
    // Whichever report hears first that the place is gone ends it here: playback does not say it twice.
    const say: typeof bijou.report = async (...report) => {
      const answer = await bijou.report(...report)
      const why = answer.ok ? undefined : overBy(answer.problem)
      if (!why || player() !== next) return answer
      next.destroy()
      video.pause()
      setOver(why)
      return answer
    }
    setPlayer(next)
    next.subscribe(setState)
    void next.start()
  }

  onMount(() => {
    createEffect(on(() => [props.titleId, props.episodeId, member().kind, me()?.id] as const, ([id, episode, kind]) => {
      if (kind !== 'signed-in') return
      setProgramme(undefined)
      // Languages and captions are the person's; a service that is away is not waited for.
      void Promise.race([loadPreferences(), new Promise((done) => setTimeout(done, 400))]).then(() => {
        if (!left && props.titleId === id && props.episodeId === episode) start()
      })
      void loadProgramme(bijou, id, episode).then(setProgramme)
    }))
    stage.addEventListener('focusback', (event) => {
      // A layer over the film took it for itself.
      if (event.defaultPrevented) return
      event.preventDefault()
      // First back to the picture, then out.
      if (!document.activeElement?.closest('.controls, .offer, .next')) return leave()
      picture.focus()
      timer.settle()
    })
    timer.stir()
    if (isTv()) picture.focus()
    else stage.focus()
  })
  onCleanup(() => {
    left = true
    timer.stop()
    player()?.destroy()
    outdateHome()
  })

  const onKey = (event: KeyboardEvent) => {
    timer.stir()
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const target = event.target instanceof Element ? event.target : undefined
    if (event.defaultPrevented || target?.closest('[role="menu"], dialog')) return
    const pressed = {
      key: event.key,
      onButton: target?.closest('button, a') != null,
      onSlider: target?.matches('input[type="range"]') ?? false,
      fullScreen: state().fullScreen,
    }
    const command = isTv() ? remoteCommand(event, target === picture) : commandFor(pressed)
    if (!command) return
    event.preventDefault()
    // OK that stays down is one press.
    if (command.kind === 'toggle-play' && event.repeat) return
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
    return phase.kind === 'failed' && !streams() ? phase : undefined
  }
  const reconnecting = () => {
    const { phase } = state()
    return phase.kind === 'waiting' && phase.reconnecting
  }
  const ended = () => state().phase.kind === 'ended'
  const next = () => playback()?.next_episode ?? programme()?.next
  const playNext = () => {
    const to = next()
    if (to) go({ kind: 'watch', id: props.titleId, episode: to.episode_id }, 'replace')
  }
  // Short credits end before the countdown does: then the end is its end.
  createEffect(on(ended, (now) => now && preferences().autoplay && !staying() && playNext()))
  const offer = () => offerAt(state().position_s, state().duration_s, playback()?.marks, next() !== undefined)
  const skipTo = () => {
    const now = offer()
    if (now.kind === 'skip-intro') player()?.seek(now.to_s)
    if (isTv()) picture.focus()
    else stage.focus()
  }
  createEffect(on(playing, (now) => now && setBegun(true)))
  const resumed = () => (begun() && !told() ? playback()?.resume_position_s : undefined)
  const steered = () => player() && !failed() && !over() && !ended() && !streams()

  return (
    <main class="watch" classList={{ 'watch--still': hidden() }} ref={stage} tabindex="-1" data-own-keys={isTv() ? undefined : ''}
      onKeyDown={onKey} onPointerMove={(event) => event.pointerType === 'mouse' && timer.stir()} onFocusIn={() => timer.stir()}>
      <h1 class="hidden-text" tabindex="-1">{programme()?.name ?? 'Film'}</h1>
      {/* Captions are drawn by this page from the same cues; see `captions.ts`. */}
      <video class="watch__video" ref={video} playsinline onPointerUp={onPicture}
        onDblClick={() => player()?.command({ kind: 'toggle-full-screen' })} />
      <div class="watch__picture" ref={picture} tabindex={isTv() ? 0 : -1} data-focus-first aria-label="Film" role="group" />
      <Show when={state().cues.length > 0}>
        <div class="watch__cues cues" classList={{ 'watch__cues--high': !hidden() }} data-size={preferences().captions.size}
          data-colour={preferences().captions.colour} data-background={preferences().captions.background}
          lang={state().captions.find((track) => track.id === state().caption)?.language}>
          <For each={state().cues}>{(line) => <p><span>{line}</span></p>}</For>
        </div>
      </Show>
      <Switch>
        <Match when={streams()}>
          {(streams) => <FullHouse streams={streams()} takeOver={(id) => start(id)} leave={leave} />}
        </Match>
        <Match when={over()}>{(why) => <TakenOver why={why()} titleId={props.titleId} again={() => start()} />}</Match>
        <Match when={failed()}>{(phase) => <Failed phase={phase()} titleId={props.titleId} again={() => start()} />}</Match>
        <Match when={ended()}>
          <TheEnd attribution={programme()?.attribution} next={next()} playNext={playNext} again={() => {
            setStaying(false)
            player()?.seek(0)
            void player()?.play()
          }} />
        </Match>
        <Match when={state().phase.kind === 'opening' || state().phase.kind === 'waiting'}>
          <div class="watch__wait">
            <WaitingBulbs large label={reconnecting() ? 'Reconnecting' : 'The film is coming up'} />
            <Show when={reconnecting()}><p>Reconnecting. The film goes on where it stopped.</p></Show>
          </div>
        </Match>
        <Match when={state().phase.kind === 'ready'}>
          <div class="watch__wait" data-focus-row>
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
      <Show when={steered()}>
        <Switch>
          <Match when={offer().kind === 'skip-intro'}><SkipIntro skip={skipTo} /></Match>
          <Match when={offer().kind === 'next' && !staying() && next()}>
            {(next) => <NextUp next={next()} auto={preferences().autoplay} running={playing()}
              left_s={state().duration_s - state().position_s} play={playNext} stay={() => setStaying(true)} />}
          </Match>
          <Match when={resumed()}>{(from_s) => <Resumed from_s={from_s()} restart={() => player()?.seek(0)} done={() => setTold(true)} />}</Match>
        </Switch>
        <Controls state={state()} player={player()!} marks={playback()?.marks} next={next() ? playNext : undefined} />
      </Show>
    </main>
  )
}

