//! Who is watching, in the corner of every screen, and what is theirs.

import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import { Avatar } from '@bijou/ui/Avatar.tsx'
import { pathOf, type Place } from './places.ts'
import type { Me } from './platform.ts'
import './PersonMenu.css'

export function PersonMenu(props: { me: Me }) {
  let button!: HTMLButtonElement
  const [open, setOpen] = createSignal(false)
  const close = () => {
    setOpen(false)
    button.focus()
  }
  return (
    <div class="who" onFocusOut={(event) => {
      const to = event.relatedTarget
      if (to instanceof Node && !event.currentTarget.contains(to)) setOpen(false)
    }}>
      <button type="button" class="who__face" id="who" ref={button} aria-expanded={open()} aria-controls="who-menu"
        aria-label={`${props.me.name}: lists, settings, other profiles`} onClick={() => setOpen(!open())}>
        <Avatar name={props.me.avatar} />
      </button>
      <Show when={open()}>
        <Panel me={props.me} close={close} leave={() => setOpen(false)} />
      </Show>
    </div>
  )
}

function Panel(props: { me: Me; close: () => void; leave: () => void }) {
  let panel!: HTMLDivElement
  onMount(() => {
    panel.addEventListener('focusback', (event) => {
      event.preventDefault()
      props.close()
    })
    const beside = (event: PointerEvent) => {
      if (event.target instanceof Node && !panel.parentElement?.contains(event.target)) props.leave()
    }
    document.addEventListener('pointerdown', beside)
    onCleanup(() => document.removeEventListener('pointerdown', beside))
    panel.querySelector('a')?.focus()
  })
  return (
    <div class="who__menu" id="who-menu" ref={panel} data-focus-scope data-focus-column>
      <p class="who__name">{props.me.name}<Show when={props.me.kids}><span class="who__kids">Kids</span></Show></p>
      <ul>
        <Entry to={{ kind: 'profiles' }}>Switch profile</Entry>
        <Entry to={{ kind: 'list' }}>My list</Entry>
        <Show when={!props.me.kids}>
          <Entry to={{ kind: 'history' }}>Watched</Entry>
          <Entry to={{ kind: 'settings' }}>Settings</Entry>
          <Entry to={{ kind: 'account' }}>Account and devices</Entry>
        </Show>
      </ul>
    </div>
  )
}

const Entry = (props: { to: Place; children: string }) => (
  <li><a class="who__entry" id={`menu-${props.to.kind}`} href={pathOf(props.to)}>{props.children}</a></li>
)
