//! Header, main, footer: around every screen but the door and the film itself.

import { createEffect, type JSX } from 'solid-js'
import { PersonIcon } from '@bijou/ui/icons.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import './Frame.css'

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
      <header class="header" data-focus-row>
        <a class="header__home" href="/" aria-label="Bijou, home"><Logo /></a>
        <a class="header__account" href="/account"><PersonIcon /><span>Account</span></a>
      </header>
      <main id="main" tabindex="-1">{props.children}</main>
      <footer class="footer faint">
        <p>Bijou, a small cinema. Open films are shown under their licences, with thanks to those who made them.</p>
      </footer>
    </div>
  )
}
