//! Header, main, footer: around every screen but the door and the film itself.

import { createEffect, lazy, Show, type JSX } from 'solid-js'
import { PersonIcon, SearchIcon } from '@bijou/ui/icons.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import { offline } from './network.ts'
import { pathOf, type Place } from './places.ts'
import { me } from './platform.ts'
import { here } from './router.ts'
import './Frame.css'

const PersonMenu = lazy(async () => ({ default: (await import('./PersonMenu.tsx')).PersonMenu }))

/** Sets the window's title; the product's name comes last, so that tabs can be told apart. */
export function titled(name: () => string | undefined): void {
  createEffect(() => {
    const said = name()
    document.title = said ? `${said} · Bijou` : 'Bijou'
  })
}

export function Frame(props: { title: string; children: JSX.Element }) {
  titled(() => props.title)
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault()
        document.getElementById('main')?.focus()
      }}>Skip to the films</a>
      <header class="header" data-focus-row="header">
        <a class="header__home" href="/" id="to-home" aria-label="Bijou, home"><Logo /></a>
        <nav class="header__ways" aria-label="Main">
          <Way to={{ kind: 'home' }} id="way-home">Home</Way>
          <Way to={{ kind: 'list' }} id="way-list">My list</Way>
          <Way to={{ kind: 'search', q: '' }} id="way-search"><SearchIcon /><span>Search</span></Way>
        </nav>
        <div class="header__who">
          <Show when={me()} fallback={<a class="header__account" id="to-account" href="/account"><PersonIcon /><span>Account</span></a>}>
            {(me) => <PersonMenu me={me()} />}
          </Show>
        </div>
      </header>
      <main id="main" tabindex="-1">{props.children}</main>
      <div role="status" class="offline">
        <Show when={offline()}>
          <p>No network. What is open stays open, where you stopped is kept here and sent later; films and lists come back with the network.</p>
        </Show>
      </div>
      <footer class="footer faint">
        <p>Bijou, a small cinema. Open films are shown under their licences, with thanks to those who made them.</p>
      </footer>
    </div>
  )
}

function Way(props: { to: Place; id: string; children: JSX.Element }) {
  return (
    <a class={`header__way header__way--${props.to.kind}`} id={props.id} href={pathOf(props.to)}
      aria-current={here().kind === props.to.kind ? 'page' : undefined}>{props.children}</a>
  )
}
