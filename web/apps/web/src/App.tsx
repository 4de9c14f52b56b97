//! Which screen is shown. What is not needed for the first picture is loaded when it is asked for.

import { createEffect, lazy, Match, on, Show, Switch } from 'solid-js'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Door } from './door/Door.tsx'
import { Home } from './home/Home.tsx'
import { focus } from './focus.ts'
import { Frame } from './Frame.tsx'
import type { Place } from './places.ts'
import { member } from './platform.ts'
import { cameBack, here, rememberedFocus } from './router.ts'

const TitlePage = lazy(async () => ({ default: (await import('./title/TitlePage.tsx')).TitlePage }))
const Watch = lazy(async () => ({ default: (await import('./watch/Watch.tsx')).Watch }))
const AccountPage = lazy(async () => ({ default: (await import('./account/AccountPage.tsx')).AccountPage }))

const as = <K extends Place['kind']>(kind: K) => () => {
  const place = here()
  return place.kind === kind ? (place as Extract<Place, { kind: K }>) : undefined
}

const atDoor = () => member().kind === 'nobody' || here().kind === 'sign-in' || here().kind === 'sign-up'

export function App() {
  // A new screen is announced by its heading; a screen come back to has focus where it was left.
  createEffect(on(here, () => focus.arrive(cameBack() ? rememberedFocus() : undefined), { defer: true }))
  return (
    <Show when={!atDoor()} fallback={<Door signUp={here().kind === 'sign-up'} />}>
      <Switch>
        <Match when={as('watch')()}>{(place) => <Watch titleId={place().id} episodeId={place().episode} />}</Match>
        <Match when={as('home')()}><Frame title="Home"><Home /></Frame></Match>
        <Match when={as('title')()}>{(place) => <Frame title="Film"><TitlePage id={place().id} /></Frame>}</Match>
        <Match when={as('account')()}><Frame title="Account"><AccountPage /></Frame></Match>
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
