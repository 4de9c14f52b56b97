//! The film in the light. Its artwork gives the page its tint.

import { Show } from 'solid-js'
import type { Card } from '@bijou/api-client/types.ts'
import { PlayIcon } from '@bijou/ui/icons.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { pathOf } from '../places.ts'
import { age } from '../words.ts'
import './Hero.css'

export function Hero(props: { card: Card }) {
  const backdrop = () => props.card.artwork.backdrop
  const title = () => pathOf({ kind: 'title', id: props.card.title_id })
  // A show begins with an episode, which its own page knows.
  const playable = () => props.card.playable && props.card.kind === 'movie'
  return (
    <section class="hero" aria-labelledby="hero-name" style={{ '--tint': backdrop().tint }}>
      <div class="hero__picture">
        <Picture picture={backdrop()} alt="" sizes="(max-width: 720px) 100vw, 78vw" when="first" />
      </div>
      <div class="hero__words">
        <p class="hero__eyebrow"><Lights />Tonight at the Bijou</p>
        <h1 class="hero__name" id="hero-name" tabindex="-1" classList={{ 'hero__name--long': props.card.name.length > 18 }}>
          {props.card.name}
        </h1>
        <Show when={props.card.synopsis_short}>{(text) => <p class="hero__synopsis">{text()}</p>}</Show>
        <p class="hero__facts">
          <span>{props.card.year}</span>
          <span>{age(props.card.certification_age)}</span>
          <span>{props.card.reason.text}</span>
        </p>
        <div class="hero__actions" data-focus-row="hero">
          <Show when={playable()}>
            <a class="button button--main" id="hero-play" href={pathOf({ kind: 'watch', id: props.card.title_id })}>
              <PlayIcon />{props.card.progress ? 'Resume' : 'Play'}
            </a>
          </Show>
          <a class="button" id="hero-details" href={title()}>{props.card.kind === 'show' ? 'About the show' : 'About the film'}</a>
        </div>
      </div>
    </section>
  )
}

const Lights = () => <span class="hero__lights" aria-hidden="true"><i /><i /><i /><i /><i /></span>

export function HeroSkeleton() {
  return (
    <div class="hero" aria-hidden="true">
      <div class="hero__words">
        <p class="hero__eyebrow"><Lights />&nbsp;</p>
        <div class="ghost hero__ghost-name" />
        <div class="ghost hero__ghost-line" />
        <div class="ghost hero__ghost-button" />
      </div>
    </div>
  )
}
