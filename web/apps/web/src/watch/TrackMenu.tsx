//! A button and the short list behind it: captions, sound.

import { createSignal, Index, onMount, Show, type JSX } from 'solid-js'

export interface Choice { id: number | undefined; label: string; language?: string }

export interface TrackMenuProps {
  label: string
  icon: JSX.Element
  lit: boolean
  choices: Choice[]
  chosen: number | undefined
  choose: (id: number | undefined) => void
}

export function TrackMenu(props: TrackMenuProps) {
  let button!: HTMLButtonElement
  const [open, setOpen] = createSignal(false)
  const close = () => {
    setOpen(false)
    button.focus()
  }
  const onKey = (event: KeyboardEvent) => {
    const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Escape') close()
    else if (to !== undefined) items[to]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="captions" onFocusOut={(event) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false)
    }}>
      <button type="button" class="control" id={`menu-${props.label.toLowerCase()}`} ref={button} aria-label={props.label} aria-haspopup="menu"
        aria-expanded={open()} classList={{ 'control--on': props.lit }} onClick={() => setOpen(!open())}>{props.icon}</button>
      <Show when={open()}>
        <Panel {...props} close={close} onKey={onKey} />
      </Show>
    </div>
  )
}

function Panel(props: TrackMenuProps & { close: () => void; onKey: (event: KeyboardEvent) => void }) {
  let menu!: HTMLDivElement
  onMount(() => {
    menu.addEventListener('focusback', (event) => {
      event.preventDefault()
      event.stopPropagation()
      props.close()
    })
    menu.querySelector<HTMLElement>('[aria-checked="true"]')?.focus()
  })
  return (
    <div class="captions__menu" role="menu" aria-label={props.label} ref={menu} data-own-keys onKeyDown={props.onKey}>
      {/* By place: choices are made anew with every word of the player, and a button that is replaced takes focus and menu along. */}
      <Index each={props.choices}>
        {(each) => (
          <button type="button" role="menuitemradio" aria-checked={props.chosen === each().id} lang={each().language || undefined} onClick={() => {
            props.choose(each().id)
            props.close()
          }}>{each().label}</button>
        )}
      </Index>
    </div>
  )
}
