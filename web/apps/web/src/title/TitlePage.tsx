//! One film or show: what it is, who made it, and the way in.

import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { Title } from '@bijou/api-client/types.ts'
import { PlayIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { titled } from '../Frame.tsx'
import { pathOf } from '../places.ts'
import { bijou, member } from '../platform.ts'
import { age, duration, language } from '../words.ts'
import { Episodes } from './Episodes.tsx'
import { credited, loadEpisodes, loadTitle, type EpisodesState, type TitleState } from './state.ts'
import './TitlePage.css'

export function TitlePage(props: { id: string }) {
  const [state, setState] = createSignal<TitleState>({ kind: 'loading' })
  const load = async (id: string) => {
    setState({ kind: 'loading' })
    const loaded = await loadTitle(bijou, id)
    if (props.id === id) setState(loaded)
  }
  createEffect(on(() => [props.id, member().kind] as const, ([id, kind]) => void (kind === 'signed-in' && load(id))))
  const title = () => {
    const now = state()
    return now.kind === 'title' ? now.title : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  titled(() => title()?.name)
  return (
    <Switch fallback={<TitleSkeleton />}>
      <Match when={title()}>{(title) => <Sheet title={title()} />}</Match>
      <Match when={problem()?.status === 404}>
        <Notice level={1} title="No such film" action={{ label: 'Back to the foyer', href: '/' }}>
          It may have left the programme. The rest of the programme is on the home page.
        </Notice>
      </Match>
      <Match when={problem()}>
        {(problem) => (
          <Notice level={1} urgent title="The catalog does not answer" requestId={problem().request_id}
            action={{ label: 'Try again', run: () => void load(props.id) }}>
            What is playing goes on playing. This page will be back as soon as the catalog is.
          </Notice>
        )}
      </Match>
    </Switch>
  )
}

function Sheet(props: { title: Title }) {
  const [episodes, setEpisodes] = createSignal<EpisodesState>({ kind: 'loading' })
  const isShow = () => props.title.kind === 'show'
  const load = async () => {
    setEpisodes({ kind: 'loading' })
    setEpisodes(await loadEpisodes(bijou, props.title.id))
  }
  createEffect(on(() => props.title.id, () => void (isShow() && load())))
  const first = () => {
    const state = episodes()
    return state.kind === 'episodes'
      ? state.seasons.flatMap((each) => each.episodes).find((episode) => episode.playable)
      : undefined
  }
  const playHref = () => {
    if (!isShow()) return props.title.playable ? pathOf({ kind: 'watch', id: props.title.id }) : undefined
    const episode = first()
    return episode && pathOf({ kind: 'watch', id: props.title.id, episode: episode.id })
  }
  return (
    <article class="sheet" style={{ '--tint': props.title.artwork.backdrop.tint }}>
      <div class="sheet__picture">
        <Picture picture={props.title.artwork.backdrop} alt="" sizes="100vw" when="first" />
      </div>
      <div class="sheet__top">
        <div class="sheet__poster" style={{ '--tint': props.title.artwork.poster.tint }}>
          <Picture picture={props.title.artwork.poster} alt={`Poster of ${props.title.name}`} sizes="clamp(9rem, 19vw, 20rem)" />
        </div>
        <div class="sheet__words">
          <h1 class="sheet__name" tabindex="-1" classList={{ 'sheet__name--long': props.title.name.length > 20 }}>{props.title.name}</h1>
          <Show when={props.title.tagline}>{(tagline) => <p class="sheet__tagline">{tagline()}</p>}</Show>
          <Facts title={props.title} />
          <div class="sheet__actions" data-focus-row>
            <Show when={playHref()} fallback={<Show when={!isShow() || episodes().kind === 'episodes'}><NotYet /></Show>}>
              {(href) => (
                <a class="button button--main" id="play" href={href()}>
                  <PlayIcon />{isShow() ? `Play episode ${first()?.number}` : 'Play'}
                </a>
              )}
            </Show>
          </div>
          <p class="sheet__synopsis">{props.title.synopsis ?? props.title.synopsis_short}</p>
        </div>
      </div>
      <Show when={isShow()}>
        <Episodes state={episodes()} show={props.title.id} backdrop={props.title.artwork.backdrop.url} again={() => void load()} />
      </Show>
      <Show when={props.title.credits.length > 0}>
        <section class="sheet__credits" aria-labelledby="credits">
          <h2 id="credits">Made by</h2>
          <dl>
            <For each={credited(props.title.credits)}>
              {(group) => (
                <div>
                  <dt>{group.role}</dt>
                  <For each={group.people}>
                    {(each) => <dd>{each.name}<Show when={each.character}>{(character) => <span class="faint"> as {character()}</span>}</Show></dd>}
                  </For>
                </div>
              )}
            </For>
          </dl>
        </section>
      </Show>
      <Show when={props.title.attribution}>{(text) => <p class="sheet__attribution faint">{text()}</p>}</Show>
    </article>
  )
}

function Facts(props: { title: Title }) {
  return (
    <ul class="facts">
      <li>{props.title.year}</li>
      <Show when={props.title.runtime_s}>{(runtime) => <li>{duration(runtime())}</li>}</Show>
      <li>{age(props.title.certification_age)}</li>
      <Show when={props.title.genres.length > 0}><li>{props.title.genres.map((genre) => genre.name).join(', ')}</li></Show>
      <Show when={props.title.original_language}>{(tag) => <li>{language(tag())}</li>}</Show>
    </ul>
  )
}

const NotYet = () => (
  <p class="sheet__not-yet">
    No film yet. Everything else about it is here; it can be played as soon as somebody adds the reel.
  </p>
)

function TitleSkeleton() {
  return (
    <div class="sheet" aria-busy="true">
      <h1 class="hidden-text">The film’s page is coming up</h1>
      <div class="sheet__top">
        <div class="sheet__poster ghost" />
        <div class="sheet__words">
          <div class="ghost sheet__ghost-name" />
          <Lines count={1} />
          <div class="ghost sheet__ghost-button" />
          <Lines count={3} />
        </div>
      </div>
    </div>
  )
}
