//! One film or show: what it is, who made it, and the way in.

import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { Card, ContinueItem, Title } from '@bijou/api-client/types.ts'
import { PlayIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Row } from '@bijou/ui/Row.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { titled } from '../Frame.tsx'
import { pathOf } from '../places.ts'
import { outdateHome } from '../home/state.ts'
import { cardFor } from '../home/cards.ts'
import { Verdict } from '../mine/Verdict.tsx'
import { Why } from '../mine/Why.tsx'
import { bijou, me, member } from '../platform.ts'
import { age, clock, duration, language } from '../words.ts'
import { Episodes } from './Episodes.tsx'
import { credited, loadEpisodes, loadTitle, seenOf, wayIn, type EpisodesState, type Seen, type TitleState } from './state.ts'
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

const NONE_SEEN: Seen = new Map()

function Sheet(props: { title: Title }) {
  const [episodes, setEpisodes] = createSignal<EpisodesState>({ kind: 'loading' })
  const [going, setGoing] = createSignal<ContinueItem>()
  const [seen, setSeen] = createSignal(NONE_SEEN)
  const [similar, setSimilar] = createSignal<Card[]>([])
  const [said, setSaid] = createSignal('')
  const isShow = () => props.title.kind === 'show'
  const load = async () => {
    setEpisodes({ kind: 'loading' })
    setEpisodes(await loadEpisodes(bijou, props.title.id))
  }
  /** What is nice to have: the page is whole without any of it. */
  const loadMore = async (id: string, person: string | undefined) => {
    const still = () => props.title.id === id && me()?.id === person
    void bijou.similar(id).then((answer) => still() && setSimilar(answer.ok ? answer.value.items : []))
    if (person === undefined) return
    void bijou.mine.goingOn().then((answer) => still() && setGoing(answer.ok ? answer.value.items.find((each) => each.title_id === id) : undefined))
    if (isShow()) void bijou.mine.history().then((answer) => still() && setSeen(answer.ok ? seenOf(answer.value.items, id) : NONE_SEEN))
  }
  createEffect(on(() => props.title.id, () => void (isShow() && load())))
  createEffect(on([() => props.title.id, () => me()?.id], ([id, person]) => void loadMore(id, person)))

  const all = () => {
    const state = episodes()
    return state.kind === 'episodes' ? state.seasons.flatMap((each) => each.episodes) : []
  }
  const way = () => wayIn(props.title, going(), all())
  const playHref = () => {
    const to = way()
    return to && pathOf({ kind: 'watch', id: props.title.id, ...(to.episode && { episode: to.episode.id }) })
  }
  const playWord = () => {
    const to = way()
    const season = all().some((each) => each.season_id !== to?.episode?.season_id) && episodes().kind === 'episodes' ? seasonNumber(to?.episode?.season_id) : undefined
    const episode = to?.episode && (season ? `season ${season}, episode ${to.episode.number}` : `episode ${to.episode.number}`)
    if (to?.how === 'resume') return episode ? `Resume ${episode}` : 'Resume'
    return episode ? `Play ${episode}` : 'Play'
  }
  /** Nothing else to press comes before the way in: on a television focus would land there. */
  const settled = () => !isShow() || episodes().kind !== 'loading'
  const seasonNumber = (id: string | undefined) => {
    const state = episodes()
    return state.kind === 'episodes' ? state.seasons.find(({ season }) => season.id === id)?.season.number : undefined
  }
  const done = () => {
    const item = going()
    return item && item.duration_s > 0 && item.position_s > 0 ? item : undefined
  }
  const hide = async () => {
    const answer = await bijou.mine.hide(props.title.id)
    setSaid(answer.ok ? 'Off the row. It comes back when you go on watching.' : 'It is still there: profiles does not answer.')
    if (answer.ok) outdateHome()
  }
  const card = () => cardFor(props.title.id)
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
          <Show when={done()}>
            {(item) => (
              <p class="sheet__done">
                <span class="sheet__track" aria-hidden="true"><i style={{ width: `${Math.round((item().position_s / item().duration_s) * 100)}%` }} /></span>
                <span>{clock(item().position_s)} of {clock(item().duration_s)}</span>
              </p>
            )}
          </Show>
          <div class="sheet__actions" data-focus-row>
            <Show when={playHref()} fallback={<Show when={!isShow() || episodes().kind === 'episodes'}><NotYet /></Show>}>
              {(href) => <a class="button button--main" id="play" href={href()} data-focus-first><PlayIcon />{playWord()}</a>}
            </Show>
            <Show when={settled()}><Verdict titleId={props.title.id} name={props.title.name} /></Show>
          </div>
          <p class="sheet__synopsis">{props.title.synopsis ?? props.title.synopsis_short}</p>
          <Show when={settled() && props.title.moods?.length}>
            <ul class="sheet__moods" aria-label="Moods" data-focus-row>
              <For each={props.title.moods}>{(mood) => <li><a href={pathOf({ kind: 'search', q: mood })}>{mood}</a></li>}</For>
            </ul>
          </Show>
          <Show when={settled() && card()?.card}>{(token) => <Why card={token()} reason={card()?.reason.text ?? ''} />}</Show>
          <Show when={settled() && done()}>
            <p data-focus-row><button type="button" class="sheet__quiet" id="hide-continue" onClick={() => void hide()}>Remove from Continue watching</button></p>
          </Show>
          <p class="said" role="status">{said()}</p>
        </div>
      </div>
      <Show when={isShow()}>
        <Episodes state={episodes()} show={props.title.id} backdrop={props.title.artwork.backdrop.url} seen={seen()}
          at={way()?.episode} again={() => void load()} />
      </Show>
      <Show when={similar().length > 0}>
        <div class="sheet__similar">
          <Row row={{ id: 'similar', name: `More like ${props.title.name}`, kind: 'similar', items: similar() }} form="wide" note={undefined}
            hrefOf={(card) => pathOf({ kind: 'title', id: card.title_id })} eager={false} />
        </div>
      </Show>
      <Show when={settled() && props.title.credits.length > 0}>
        <section class="sheet__credits" aria-labelledby="credits">
          <h2 id="credits">Made by</h2>
          <dl>
            <For each={credited(props.title.credits)}>
              {(group) => (
                <div data-focus-column>
                  <dt>{group.role}</dt>
                  <For each={group.people}>
                    {(each) => <dd><a class="sheet__person" href={pathOf({ kind: 'person', id: each.id })}>{each.name}</a><Show when={each.character}>{(character) => <span class="faint"> as {character()}</span>}</Show></dd>}
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
