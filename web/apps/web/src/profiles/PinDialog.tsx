//! A PIN, typed or pressed: digits on the screen for remotes and fingers, a field for everybody else.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { Profile } from '@bijou/api-client/types.ts'
import { Avatar } from '@bijou/ui/Avatar.tsx'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { become } from '../platform.ts'
import { isTv } from '../tv/mode.ts'
import { PIN_LENGTH, refusedPin } from './state.ts'
import './PinDialog.css'

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'back', '0', 'ok'] as const

export function PinDialog(props: { person: Profile; whose: Profile; close: () => void; entered: () => void }) {
  let field!: HTMLInputElement
  const [pin, setPin] = createSignal('')
  const [said, setSaid] = createSignal('')
  const [asking, setAsking] = createSignal(false)
  const ready = () => pin().length >= PIN_LENGTH.min && !asking()
  onMount(() => !isTv() && field.focus())

  const enter = async (event?: SubmitEvent) => {
    event?.preventDefault()
    if (!ready()) return
    setAsking(true)
    const answer = await become(props.person, pin())
    setAsking(false)
    if (answer.ok) return props.entered()
    setPin('')
    setSaid(refusedPin(answer.problem))
    if (!isTv()) field.focus()
  }
  const type = (text: string) => setPin(text.replaceAll(/\D/g, '').slice(0, PIN_LENGTH.max))
  const press = (digit: (typeof DIGITS)[number]) => {
    if (digit === 'ok') return void enter()
    type(digit === 'back' ? pin().slice(0, -1) : pin() + digit)
  }
  return (
    <Dialog labelledby="pin-title" class="pin" close={props.close}>
      <div class="pin__face"><Avatar name={props.whose.avatar} large /></div>
      <h2 id="pin-title">{props.whose.kids ? `PIN to leave ${props.whose.name}’s profile` : `${props.whose.name}’s PIN`}</h2>
      <form class="pin__form" onSubmit={(event) => void enter(event)}>
        <label class="hidden-text" for="pin">PIN, 4 to 8 digits</label>
        <input id="pin" class="pin__field" ref={field} type="password" inputmode="numeric" autocomplete="off" maxlength={PIN_LENGTH.max}
          value={pin()} onInput={(event) => {
            type(event.currentTarget.value)
            event.currentTarget.value = pin()
          }} aria-describedby="pin-said" readonly={isTv()} tabindex={isTv() ? -1 : 0} />
        <Show when={isTv()}>
          <div class="pin__pad" data-focus-grid="pin">
            <For each={DIGITS}>
              {(digit) => (
                <button type="button" id={`pin-${digit}`} data-focus-first={digit === '5' ? '' : undefined} autofocus={digit === '5'}
                  aria-label={digit === 'back' ? 'Delete' : digit === 'ok' ? 'Enter' : digit} onClick={() => press(digit)}>
                  {digit === 'back' ? '⌫' : digit === 'ok' ? 'OK' : digit}
                </button>
              )}
            </For>
          </div>
        </Show>
        <p class="pin__said" id="pin-said" role="alert">{said()}</p>
        <Show when={!isTv()}>
          <button type="submit" class="button button--main" disabled={asking()} aria-disabled={!ready()}>Come in</button>
        </Show>
      </form>
    </Dialog>
  )
}
