//! Seasons and their episodes. When they cannot be had, the rest of the page stays.

import { createSignal, For, Match, Show, Switch } from 'solid-js'
import type { Episode } from '@bijou/api-client/types.ts'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { pathOf } from '../places.ts'
import { day, duration } from '../words.ts'
import { isBegun, isFinished, seasonOf, type EpisodesState, type Seen, type SeasonWithEpisodes } from './state.ts'

export interface EpisodesProps {
  state: EpisodesState
  show: string
  backdrop: string
  seen: Seen
  /** Where somebody is in the show. */
  at: Episode | undefined
  again: () => void
}

export function Episodes(props: EpisodesProps) {
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
          <Show when={seasons().length > 0} fallback={<section class="episodes"><h2>Episodes</h2><p class="quiet">None yet. They appear here with their season.</p></section>}>
            <Seasons {...props} seasons={seasons()} />
          </Show>
        )}
      </Match>
    </Switch>
  )
}

const nameOf = ({ season }: SeasonWithEpisodes, only: boolean) => season.name ?? (only ? 'Episodes' : `Season ${season.number}`)

/** One season at a time; which one, is a press away. */
function Seasons(props: EpisodesProps & { seasons: SeasonWithEpisodes[] }) {
  const [chosen, setChosen] = createSignal<string>()
  const shown = () => props.seasons.find(({ season }) => season.id === (chosen() ?? seasonOf(props.seasons, props.at)))
  const isOnly = () => props.seasons.length === 1
  return (
    <section class="episodes" aria-labelledby="episodes">
      <div class="episodes__head">
        <h2 id="episodes">{isOnly() ? nameOf(props.seasons[0]!, true) : 'Episodes'}</h2>
        <Show when={!isOnly()}>
          <div class="episodes__seasons" role="group" aria-label="Seasons" data-focus-row="seasons">
            <For each={props.seasons}>
              {(each) => (
                <button type="button" class="episodes__season" id={`season-${each.season.id}`} aria-pressed={shown() === each}
                  onClick={() => setChosen(each.season.id)}>{nameOf(each, false)}</button>
              )}
            </For>
          </div>
        </Show>
      </div>
      <Show when={shown()?.season.synopsis}>{(text) => <p class="quiet">{text()}</p>}</Show>
      <ol class="episodes__list">
        <For each={shown()?.episodes}>
          {(episode) => <li data-focus-row><Line episode={episode} show={props.show} backdrop={props.backdrop} share={props.seen.get(episode.id)} here={props.at?.id === episode.id} /></li>}
        </For>
      </ol>
    </section>
  )
}

function Line(props: { episode: Episode; show: string; backdrop: string; share: number | undefined; here: boolean }) {
  // Without a still of its own an episode has the show's backdrop, which is on this page already.
  const still = () => (props.episode.artwork?.url === props.backdrop ? undefined : props.episode.artwork)
  const inside = () => (
    <>
      <span class="episode__number">{props.episode.number}</span>
      <Show when={still()}>{(still) => <Picture class="episode__still" picture={still()} alt="" sizes="10rem" when="lazy" />}</Show>
      <span class="episode__name">{props.episode.name}
        <Show when={props.share !== undefined && isFinished(props.share)}><span class="episode__seen">Seen</span></Show>
      </span>
      <span class="episode__length">
        <Show when={props.episode.playable} fallback="No film yet">
          <Show when={props.episode.runtime_s}>{(runtime) => duration(runtime())}</Show>
        </Show>
        <Show when={props.episode.aired_on}>{(aired) => <span class="episode__aired"><span class="hidden-text">First shown </span>{day(aired())}</span>}</Show>
      </span>
      <Show when={props.episode.synopsis}>{(text) => <span class="episode__synopsis">{text()}</span>}</Show>
      <Show when={isBegun(props.share) && props.share}>
        {(share) => (
          <span class="episode__bar"><i style={{ width: `${Math.round(share() * 100)}%` }} /><span class="hidden-text">{Math.round(share() * 100)} percent seen</span></span>
        )}
      </Show>
    </>
  )
  return (
    <Show when={props.episode.playable} fallback={<div class="episode">{inside()}</div>}>
      <a class="episode" classList={{ 'episode--here': props.here }} id={`episode-${props.episode.id}`}
        href={pathOf({ kind: 'watch', id: props.show, episode: props.episode.id })}>{inside()}</a>
    </Show>
  )
}
