//! Which screen is shown. What is not needed for the first picture is loaded when it is asked for.

import { createEffect, createSignal, lazy, Match, on, Show, Switch } from 'solid-js'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Door } from './door/Door.tsx'
import { Home } from './home/Home.tsx'
import { focus } from './focus.ts'
import { Frame } from './Frame.tsx'
import type { Place } from './places.ts'
import { member } from './platform.ts'
import { cameBack, here, rememberedFocus } from './router.ts'
import { isTv } from './tv/mode.ts'

const TitlePage = lazy(async () => ({ default: (await import('./title/TitlePage.tsx')).TitlePage }))
const Watch = lazy(async () => ({ default: (await import('./watch/Watch.tsx')).Watch }))
const SearchPage = lazy(async () => ({ default: (await import('./search/SearchPage.tsx')).SearchPage }))
const PersonPage = lazy(async () => ({ default: (await import('./person/PersonPage.tsx')).PersonPage }))
const ListPage = lazy(async () => ({ default: (await import('./mine/ListPage.tsx')).ListPage }))
const HistoryPage = lazy(async () => ({ default: (await import('./mine/HistoryPage.tsx')).HistoryPage }))
const SettingsPage = lazy(async () => ({ default: (await import('./settings/SettingsPage.tsx')).SettingsPage }))
const AccountPage = lazy(async () => ({ default: (await import('./account/AccountPage.tsx')).AccountPage }))
const WhoIsWatching = lazy(async () => ({ default: (await import('./profiles/WhoIsWatching.tsx')).WhoIsWatching }))
const ProfilePage = lazy(async () => ({ default: (await import('./profiles/ProfilePage.tsx')).ProfilePage }))
const PortalPage = lazy(async () => ({ default: (await import('./partner/PortalPage.tsx')).PortalPage }))
const LinkPage = lazy(async () => ({ default: (await import('./link/LinkPage.tsx')).LinkPage }))
const PicksPage = lazy(async () => ({ default: (await import('./profiles/PicksPage.tsx')).PicksPage }))

const TvDoor = lazy(async () => ({ default: (await import('./tv/TvDoor.tsx')).TvDoor }))

/** On a television: somebody would rather type a password. */
const [byHand, setByHand] = createSignal(false)

const as = <K extends Place['kind']>(kind: K) => () => {
  const place = here()
  return place.kind === kind ? (place as Extract<Place, { kind: K }>) : undefined
}

const atDoor = () => member().kind === 'nobody' || here().kind === 'sign-in' || here().kind === 'sign-up'

/** Profiles may be managed before one is chosen; every other screen waits for somebody to watch. */
const isAsking = () => here().kind === 'profiles' || (member().kind === 'choosing' && here().kind !== 'profile')

export function App() {
  // A new screen is announced by its heading; a screen come back to has focus where it was left.
  createEffect(on([here, isAsking], () => focus.arrive(cameBack() ? rememberedFocus() : undefined), { defer: true }))
  return (
    <Show when={!atDoor()} fallback={
      <Show when={isTv() && !byHand()} fallback={<Door signUp={here().kind === 'sign-up'} />}><TvDoor byHand={() => setByHand(true)} /></Show>
    }>
      <Switch>
        <Match when={isAsking()}><WhoIsWatching /></Match>
        <Match when={as('profile')()}>{(place) => <ProfilePage id={place().id} />}</Match>
        <Match when={as('picks')()}><PicksPage /></Match>
        <Match when={as('watch')()}>{(place) => <Watch titleId={place().id} episodeId={place().episode} />}</Match>
        <Match when={as('home')()}><Frame title="Home"><Home /></Frame></Match>
        <Match when={as('title')()}>{(place) => <Frame title="Film"><TitlePage id={place().id} /></Frame>}</Match>
        <Match when={as('search')()}>{(place) => <Frame title="Search"><SearchPage asked={place()} /></Frame>}</Match>
        <Match when={as('person')()}>{(place) => <Frame title="Person"><PersonPage id={place().id} /></Frame>}</Match>
        <Match when={as('list')()}><Frame title="My list"><ListPage /></Frame></Match>
        <Match when={as('history')()}><Frame title="Watched"><HistoryPage /></Frame></Match>
        <Match when={as('settings')()}><Frame title="Settings"><SettingsPage /></Frame></Match>
        <Match when={as('account')()}><Frame title="Account"><AccountPage /></Frame></Match>
        <Match when={as('portal')()}><Frame title="Partners"><PortalPage /></Frame></Match>
        <Match when={as('link')()}>{(place) => <Frame title="Sign in a television"><LinkPage code={place().code} /></Frame>}</Match>
        <Match when={as('lost')()}>
          {(place) => (
            <Frame title="Not here">
              <Notice level={1} title="No such room" action={{ label: 'Back to the foyer', href: '/' }}>
                There is nothing at <code>{place().path}</code>. Everything else is where it was.
              </Notice>
            </Frame>
          )}
        </Match>
      </Switch>
    </Show>
  )
}
