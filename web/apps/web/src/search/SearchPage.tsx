//! Search as one types: suggestions, people, titles, what narrows them. A mistyped word is put right and said so.

import { createEffect, createSignal, For, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js'
import type { Found, Genre, Suggestion } from '@bijou/api-client/types.ts'
import { CloseIcon, PersonIcon, SearchIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { titled } from '../Frame.tsx'
import { pathOf } from '../places.ts'
import { bijou, member } from '../platform.ts'
import { cameBack, readdress } from '../router.ts'
import { isTv } from '../tv/mode.ts'
import { LetterPad } from './LetterPad.tsx'
import { written } from './letters.ts'
import { factsOf, isEmpty, Searcher, worthSaying, type Asked, type SearchState } from './state.ts'
import { cardOf, TitleGrid } from './TitleGrid.tsx'
import './SearchPage.css'

const KINDS: Record<string, string> = { movie: 'Films', show: 'Shows' }

export function SearchPage(props: { asked: Asked }) {
  let field!: HTMLInputElement
  const [asked, setAsked] = createSignal<Asked>({ q: props.asked.q, ...(props.asked.of && { of: props.asked.of }), ...(props.asked.genre && { genre: props.asked.genre }) })
  const [state, setState] = createSignal<SearchState>({ kind: 'idle' })
  const [suggestions, setSuggestions] = createSignal<Suggestion[]>([])
  const [genres, setGenres] = createSignal<Genre[]>([])
  const [more, setMore] = createSignal<'ready' | 'loading' | 'away'>('ready')
  titled(() => (asked().q ? `${asked().q} · Search` : 'Search'))

  const searcher = new Searcher(bijou, (next, said) => {
    setState(next)
    setSuggestions(said)
    setMore('ready')
  })
  onCleanup(() => searcher.stop())
  const ask = (next: Asked, at: 'once' | 'soon') => {
    setAsked(next)
    readdress({ kind: 'search', ...next })
    // Before the token is there, nobody would answer; it is asked as soon as it is.
    if (member().kind === 'signed-in') searcher.ask(next, shown(), at)
  }
  // Another address of this screen: a genre's link, or back to other words.
  createEffect(on(() => props.asked, (place) => {
    const { q, of, genre } = place
    field.value = q
    ask({ q, ...(of && { of }), ...(genre && { genre }) }, 'once')
  }))
  createEffect(on(() => member().kind, (kind) => {
    if (kind !== 'signed-in') return
    searcher.ask(asked(), undefined, 'once')
    void bijou.genres().then((answer) => answer.ok && setGenres(answer.value.items))
  }))
  onMount(() => {
    // On a television the letters are on the page: a focused field would bring the set's own keyboard over everything.
    if (!cameBack() && !isTv()) setTimeout(() => field.focus({ preventScroll: true }))
  })

  /** A key of the letter pad. */
  const write = (key: string) => {
    field.value = written(field.value, key)
    ask({ ...asked(), q: field.value }, 'soon')
  }

  const shown = (): Found | undefined => {
    const now = state()
    return now.kind === 'found' ? now.found : now.kind === 'looking' ? now.last : undefined
  }
  const cards = () => shown()?.items.map((each) => cardOf(each, factsOf(each))) ?? []
  const narrowed = () => asked().of !== undefined || asked().genre !== undefined
  const genreName = (id: string) => shown()?.facets?.genres?.find((each) => each.id === id)?.name ?? genres().find((each) => each.id === id)?.name ?? id
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  const told = () => {
    const now = state()
    if (now.kind !== 'found') return ''
    const count = now.found.facets?.total ?? now.found.items.length
    return count === 0 ? 'Nothing found' : `${count} ${count === 1 ? 'title' : 'titles'} found`
  }
  const narrow = (change: { of?: string | undefined; genre?: string | undefined }) => {
    const { q, of, genre } = { ...asked(), ...change }
    ask({ q, ...(of && { of }), ...(genre && { genre }) }, 'once')
  }
  const loadMore = async () => {
    const now = state()
    if (now.kind !== 'found' || !now.found.next) return
    setMore('loading')
    const { q, of: kind, genre } = now.asked
    const answer = await bijou.search({ q: q.trim(), cursor: now.found.next, ...(kind && { kind }), ...(genre && { genre }) })
    if (state() !== now) return
    if (!answer.ok) return void setMore('away')
    const { next: _, ...before } = now.found
    setState({ ...now, found: { ...before, items: [...before.items, ...answer.value.items], ...(answer.value.next && { next: answer.value.next }) } })
    setMore('ready')
  }

  return (
    <div class="page search" classList={{ 'search--pad': isTv() }}>
      <h1 class="hidden-text" tabindex="-1">Search</h1>
      <form class="search__form" role="search" onSubmit={(event) => {
        event.preventDefault()
        ask({ ...asked(), q: field.value }, 'once')
        // A phone's keyboard goes away; a television has to point at something.
        if (!isTv()) field.blur()
      }}>
        <SearchIcon />
        <label class="hidden-text" for="search">Films, shows, people, genres, moods</label>
        <input id="search" class="search__field" ref={field} type="search" placeholder="Films, shows, people, genres, moods" autocomplete="off"
          autocapitalize="none" spellcheck={false} enterkeyhint="search" readonly={isTv()} tabindex={isTv() ? -1 : 0}
          onInput={(event) => ask({ ...asked(), q: event.currentTarget.value }, 'soon')} />
        <Show when={asked().q && !isTv()}>
          <button type="button" class="search__clear" aria-label="Clear" onClick={() => {
            field.value = ''
            ask({ ...asked(), q: '' }, 'once')
            field.focus()
          }}><CloseIcon /></button>
        </Show>
      </form>
      <p class="hidden-text" role="status">{told()}</p>
      <Show when={isTv()}><LetterPad write={write} /></Show>

      <div class="search__answers">
        <Show when={worthSaying(suggestions(), asked().q).length > 0}>
          <ul class="chips search__suggestions" aria-label="Suggestions" data-focus-row="suggestions">
            <For each={worthSaying(suggestions(), asked().q)}>
              {(each) => (
                <li>
                  <Show when={each.kind !== 'person' || !each.id} fallback={
                    <a class="chip" id={`suggest-${each.id}`} href={pathOf({ kind: 'person', id: each.id! })}><PersonIcon />{each.text}</a>
                  }>
                    <button type="button" class="chip" id={`suggest-${each.text}`} onClick={() => {
                      const isGenre = each.kind === 'genre' && each.id
                      const q = isGenre ? '' : each.text
                      field.value = q
                      ask(isGenre ? { q, genre: each.id! } : { ...asked(), q }, 'once')
                    }}>{each.text}</button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </Show>

        <Switch>
          <Match when={isEmpty(asked())}>
            <section class="search__idle" aria-labelledby="by-genre">
              <h2 id="by-genre">By genre</h2>
              <ul class="search__genres" data-focus-grid="genres">
                <For each={genres()}>
                  {(genre, at) => (
                    <li><a class="search__genre" id={`genre-${genre.id}`} data-hue={at() % 6} href={pathOf({ kind: 'search', q: '', genre: genre.id })}>{genre.name}</a></li>
                  )}
                </For>
              </ul>
            </section>
          </Match>
          <Match when={problem()}>
            {(problem) => (
              <Notice urgent title="The search does not answer" requestId={problem().request_id} action={{ label: 'Try again', run: () => ask(asked(), 'once') }}>
                Home, your list and every film’s page are there as always. It is usually a matter of seconds.
              </Notice>
            )}
          </Match>
          <Match when={true}>
            <div class="search__found" aria-busy={state().kind === 'looking'}>
              <Show when={shown()?.corrected && !narrowed() ? shown()?.corrected : undefined}>
                {(corrected) => <p class="search__corrected" role="status">Looked for <b>{corrected()}</b> instead of <b>{asked().q.trim()}</b>.</p>}
              </Show>
              <Facets asked={asked()} found={shown()} nameOf={genreName} narrow={narrow} />
              <Show when={(shown()?.people?.length ?? 0) > 0}>
                <section aria-labelledby="people">
                  <h2 id="people">People</h2>
                  <ul class="chips" data-focus-row="found-people">
                    <For each={shown()?.people}>
                      {(person) => <li><a class="chip chip--person" id={`person-${person.id}`} href={pathOf({ kind: 'person', id: person.id })}><PersonIcon />{person.name}</a></li>}
                    </For>
                  </ul>
                </section>
              </Show>
              <Show when={cards().length > 0}>
                <section aria-labelledby="titles">
                  <h2 id="titles" classList={{ 'hidden-text': (shown()?.people?.length ?? 0) === 0 }}>Films and shows</h2>
                  <TitleGrid id="found" cards={cards()} />
                  <Show when={shown()?.next && state().kind === 'found'}>
                    <p class="search__more" data-focus-row>
                      <button type="button" class="button" id="search-more" disabled={more() === 'loading'} onClick={() => void loadMore()}>
                        {more() === 'away' ? 'That did not come. Try again' : more() === 'loading' ? 'One moment' : 'More'}
                      </button>
                    </p>
                  </Show>
                </section>
              </Show>
              <Show when={state().kind === 'found' && cards().length === 0 && (shown()?.people?.length ?? 0) === 0}>
                <Nothing q={asked().q.trim()} narrowed={narrowed()} genres={genres()} widen={() => narrow({ of: undefined, genre: undefined })} />
              </Show>
            </div>
          </Match>
        </Switch>
      </div>
    </div>
  )
}

function Facets(props: {
  asked: Asked
  found: Found | undefined
  nameOf: (genre: string) => string
  narrow: (change: { of?: string | undefined; genre?: string | undefined }) => void
}) {
  const kinds = () => props.found?.facets?.kinds ?? []
  const genres = () => {
    const all = (props.found?.facets?.genres ?? []).slice(0, 8)
    const { genre } = props.asked
    return genre && all.every((each) => each.id !== genre) ? [{ id: genre, name: props.nameOf(genre), count: 0 }, ...all] : all
  }
  return (
    <Show when={kinds().length + genres().length > 1 || props.asked.genre || props.asked.of}>
      <div class="chips facets" role="group" aria-label="Narrow down" data-focus-row="facets">
        <For each={kinds().length > 1 || props.asked.of ? kinds() : []}>
          {(each) => (
            <button type="button" class="chip" id={`facet-${each.id}`} aria-pressed={props.asked.of === each.id}
              onClick={() => props.narrow({ of: props.asked.of === each.id ? undefined : each.id })}>
              {KINDS[each.id] ?? each.name} <span class="chip__count">{each.count}</span>
            </button>
          )}
        </For>
        <For each={genres()}>
          {(each) => (
            <button type="button" class="chip" id={`facet-${each.id}`} aria-pressed={props.asked.genre === each.id}
              onClick={() => props.narrow({ genre: props.asked.genre === each.id ? undefined : each.id })}>
              {each.name} <Show when={each.count > 0}><span class="chip__count">{each.count}</span></Show>
            </button>
          )}
        </For>
      </div>
    </Show>
  )
}

function Nothing(props: { q: string; narrowed: boolean; genres: Genre[]; widen: () => void }) {
  return (
    <section class="search__nothing">
      <h2>{props.q ? <>Nothing like “{props.q}”</> : 'Nothing here'}</h2>
      <p class="quiet">
        {props.narrowed ? 'Not with these filters, at least.' : 'Not in this house. Names, people and genres are searched, also when a letter or two are wrong.'}
      </p>
      <div class="chips" data-focus-row>
        <Show when={props.narrowed}><button type="button" class="button button--small" id="widen" onClick={() => props.widen()}>Search everything</button></Show>
        <For each={props.genres.slice(0, 6)}>
          {(genre) => <a class="chip" id={`try-${genre.id}`} href={pathOf({ kind: 'search', q: '', genre: genre.id })}>{genre.name}</a>}
        </For>
      </div>
    </section>
  )
}
