//! Over the film, for as long as it makes sense: skip the opening, from the beginning, the next episode in a few seconds.

import { createEffect, createSignal, on, onCleanup, onMount } from 'solid-js'
import type { NextEpisode } from '@bijou/api-client/types.ts'
import { AgainIcon, PlayIcon, SkipIcon } from '@bijou/ui/icons.tsx'
import { clock } from '../words.ts'
import './Offers.css'

/** Time enough to say no. */
export const COUNTDOWN_S = 10
const RESUMED_MS = 8000

export function SkipIntro(props: { skip: () => void }) {
  return (
    <div class="offer" data-focus-row="offer">
      <button type="button" class="offer__button" id="skip-intro" onClick={() => props.skip()}><SkipIcon />Skip the opening</button>
    </div>
  )
}

/** For the first seconds of a film that goes on where it was left. */
export function Resumed(props: { from_s: number; restart: () => void; done: () => void }) {
  onMount(() => {
    const timer = setTimeout(() => props.done(), RESUMED_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div class="offer offer--quiet" data-focus-row="resumed">
      <p role="status">On from {clock(props.from_s)}</p>
      <button type="button" class="offer__button" id="from-start" onClick={() => {
        props.restart()
        props.done()
      }}><AgainIcon />From the beginning</button>
    </div>
  )
}

export interface NextUpProps {
  next: NextEpisode
  /** By itself, after a countdown. */
  auto: boolean
  /** A film that is paused does not count down. */
  running: boolean
  /** Of the film, in seconds: it does not end before the countdown does. */
  left_s: number
  play: () => void
  stay: () => void
}

export function NextUp(props: NextUpProps) {
  const whole = () => Math.max(1, Math.min(COUNTDOWN_S, Math.floor(props.left_s)))
  const [left_s, setLeft] = createSignal(whole())
  const tick = () => {
    if (!props.auto || !props.running) return
    setLeft(left_s() - 1)
    if (left_s() <= 0) props.play()
  }
  onMount(() => {
    const timer = setInterval(tick, 1000)
    onCleanup(() => clearInterval(timer))
  })
  // Another episode, another countdown.
  createEffect(on(() => props.next.episode_id, () => setLeft(whole()), { defer: true }))
  return (
    <section class="next" aria-label="Next episode" data-focus-row="offer">
      <div>
        <p class="next__when quiet">{props.auto ? <>Next in <b>{left_s()}</b> s</> : 'Next episode'}</p>
        <p class="next__name">{props.next.number}. {props.next.name}</p>
      </div>
      <div class="ways">
        <button type="button" class="button button--main button--small" id="next-play" onClick={() => props.play()}><PlayIcon />Play now</button>
        <button type="button" class="button button--small" id="next-stay" onClick={() => props.stay()}>Watch the credits</button>
      </div>
    </section>
  )
}
