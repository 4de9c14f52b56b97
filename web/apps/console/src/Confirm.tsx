//! Asked before something is changed: what will happen, and why it is wanted. The reason goes into the audit.

import { createSignal, Show } from 'solid-js'
import { Dialog } from '@bijou/ui/Dialog.tsx'

export interface Asked {
  title: string
  what: string
  /** What the button does, as a verb. */
  label: string
  /** Asks for a log level and for how long, too. */
  hasLevel?: boolean
}

/** `run` answers what to say when it came to nothing. */
export function Confirm(props: { asked: Asked; run: (given: FormData) => Promise<string | undefined>; close: () => void }) {
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setBusy(true)
    setWords(await props.run(new FormData(event.currentTarget as HTMLFormElement)))
    setBusy(false)
  }
  return (
    <Dialog labelledby="confirm-title" close={props.close}>
      <form class="confirm" onSubmit={(event) => void submit(event)}>
        <h2 id="confirm-title">{props.asked.title}</h2>
        <p class="quiet">{props.asked.what}</p>
        <Show when={props.asked.hasLevel}>
          <label>Level <input name="level" required value="debug" aria-describedby="level-hint" /></label>
          <p class="faint" id="level-hint">error, warn, info, debug, trace; by target too: info,bijou_catalog=debug</p>
          <label>Seconds <input name="duration_s" type="number" min="1" max="3600" required value="300" /></label>
        </Show>
        <label>Why <input name="reason" required maxlength="500" autocomplete="off" /></label>
        <p class="sign-in__refused" role="alert">{words()}</p>
        <p class="page__actions">
          <button type="submit" class="button button--main" disabled={busy()}>{props.asked.label}</button>
          <button type="button" class="button" onClick={() => props.close()}>Leave it</button>
        </p>
      </form>
    </Dialog>
  )
}
