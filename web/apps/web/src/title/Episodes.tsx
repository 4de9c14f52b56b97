//! Seasons and their episodes. When they cannot be had, the rest of the page stays.

import { For, Match, Show, Switch } from 'solid-js'
import type { Episode } from '@bijou/api-client/types.ts'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { pathOf } from '../places.ts'
import { duration } from '../words.ts'
import type { EpisodesState } from './state.ts'

export function Episodes(props: { state: EpisodesState; show: string; backdrop: string; again: () => void }) {
  const seasons = () => (props.state.kind === 'episodes' ? props.state.seasons : undefined)
  return (
    <Switch>
      <Match when={props.state.kind === 'loading'}>
        <section class="episodes"><h2>Episodes</h2><Lines count={4} /></section>
      </Match>
      <Match when={props.state.kind === 'problem'}>
        <section class="episodes" data-focus-row>
          <h2>Episodes</h2>
          <p class="quiet" role="alert">The list of episodes did not come. The rest of this page did.</p>
          <button type="button" class="button button--small" onClick={() => props.again()}>Try again</button>
        </section>
      </Match>
      <Match when={seasons()}>
        {(seasons) => (
          <For each={seasons()} fallback={<section class="episodes"><h2>Episodes</h2><p class="quiet">None yet. They appear here with their season.</p></section>}>
            {({ season, episodes }) => (
              <section class="episodes" aria-labelledby={season.id}>
                <h2 id={season.id}>{season.name ?? (seasons().length === 1 ? 'Episodes' : `Season ${season.number}`)}</h2>
                <ol class="episodes__list">
                  <For each={episodes}>{(episode) => <li data-focus-row><Line episode={episode} show={props.show} backdrop={props.backdrop} /></li>}</For>
                </ol>
              </section>
            )}
          </For>
        )}
      </Match>
    </Switch>
  )
}

function Line(props: { episode: Episode; show: string; backdrop: string }) {
  // Without a still of its own an episode has the show's backdrop, which is on this page already.
  const still = () => (props.episode.artwork?.url === props.backdrop ? undefined : props.episode.artwork)
  const inside = () => (
    <>
      <span class="episode__number">{props.episode.number}</span>
      <Show when={still()}>{(still) => <Picture class="episode__still" picture={still()} alt="" sizes="10rem" when="lazy" />}</Show>
      <span class="episode__name">{props.episode.name}</span>
      <span class="episode__length">
        <Show when={props.episode.playable} fallback="No film yet">
          <Show when={props.episode.runtime_s}>{(runtime) => duration(runtime())}</Show>
        </Show>
      </span>
      <Show when={props.episode.synopsis}>{(text) => <span class="episode__synopsis">{text()}</span>}</Show>
    </>
  )
  return (
    <Show when={props.episode.playable} fallback={<div class="episode">{inside()}</div>}>
      <a class="episode" id={`episode-${props.episode.id}`}
        href={pathOf({ kind: 'watch', id: props.show, episode: props.episode.id })}>{inside()}</a>
    </Show>
  )
}
