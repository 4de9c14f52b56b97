//! A PIN before a profile, so that nobody else sits down in it.

import { createSignal, onMount, Show } from 'solid-js'
import type { Profile } from '@bijou/api-client/types.ts'
import { bijou, me } from '../platform.ts'
import { pathOf } from '../places.ts'
import { CEILINGS, PIN_LENGTH, refusedProfile } from '../profiles/state.ts'

export function Protection() {
  let field: HTMLInputElement | undefined
  const [profile, setProfile] = createSignal<Profile>()
  const [asking, setAsking] = createSignal(false)
  const [said, setSaid] = createSignal('')
  const load = async () => {
    const all = await bijou.mine.profiles()
    if (all.ok) setProfile(all.value.items.find((each) => each.id === me()?.id))
    else setSaid('Profiles do not answer. What is set stays set.')
  }
  onMount(() => void load())
  const ceiling = () => CEILINGS.find((each) => each.age === profile()?.maturity)?.words ?? `Up to ${profile()?.maturity}`
  const keep = async (event: SubmitEvent) => {
    event.preventDefault()
    const person = profile()
    if (!person || !field) return
    const answer = await bijou.mine.setPin(person.id, field.value)
    setSaid(answer.ok ? 'From now on this profile asks for its PIN.' : refusedProfile(answer.problem))
    if (!answer.ok) return
    setAsking(false)
    await load()
  }
  const remove = async () => {
    const person = profile()
    if (!person) return
    const answer = await bijou.mine.removePin(person.id)
    setSaid(answer.ok ? 'No PIN any more.' : refusedProfile(answer.problem))
    await load()
  }
  return (
    <div class="protection">
      <Show when={profile()}>
        {(person) => (
          <>
            <p>Shows: <b>{ceiling()}</b>. <a href={pathOf({ kind: 'profile', id: person().id })} id="to-ceiling">Change that, the name or the face</a></p>
            <Show when={asking()} fallback={
              <div class="ways" data-focus-row>
                <button type="button" class="button button--small" id="pin-set" onClick={() => setAsking(true)}>{person().has_pin ? 'Change the PIN' : 'Ask for a PIN'}</button>
                <Show when={person().has_pin}>
                  <button type="button" class="button button--small button--quiet" id="pin-remove" onClick={() => void remove()}>Remove the PIN</button>
                </Show>
              </div>
            }>
              <form class="protection__form" onSubmit={(event) => void keep(event)}>
                <div class="field">
                  <label for="new-pin">New PIN</label>
                  <div class="field__box">
                    <input id="new-pin" ref={(input) => {
                      field = input
                      queueMicrotask(() => input.focus())
                    }} type="password" inputmode="numeric" autocomplete="off" pattern="[0-9]{4,8}" minlength={PIN_LENGTH.min}
                      maxlength={PIN_LENGTH.max} required aria-describedby="new-pin-hint" />
                  </div>
                  <p class="field__hint" id="new-pin-hint">4 to 8 digits. The account’s owner can remove it again.</p>
                </div>
                <div class="ways" data-focus-row>
                  <button type="submit" class="button button--small button--main" id="pin-keep">Keep</button>
                  <button type="button" class="button button--small" id="pin-cancel" onClick={() => setAsking(false)}>Never mind</button>
                </div>
              </form>
            </Show>
          </>
        )}
      </Show>
      <p class="said" role="status">{said()}</p>
    </div>
  )
}
