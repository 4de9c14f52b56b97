//! Asked before something is changed: what will happen, and why it is wanted. The reason goes into the audit.

import { createSignal, type JSX } from 'solid-js'
import { Dialog } from '@bijou/ui/Dialog.tsx'

export interface Asked {
  title: string
  what: string
  /** What the button does, as a verb. */
  label: string
}

/** `children` are further fields; `run` gets them by their names and answers what to say when it came to nothing. */
export function Confirm(props: { asked: Asked; run: (given: FormData) => Promise<string | undefined>; close: () => void; children?: JSX.Element }) {
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
        {props.children}
        <label>Why <input name="reason" required maxlength="500" autocomplete="off" /></label>
        <p class="refused" role="alert">{words()}</p>
        <p class="page__actions">
          <button type="submit" class="button button--main" disabled={busy()}>{props.asked.label}</button>
          <button type="button" class="button" onClick={() => props.close()}>Leave it</button>
        </p>
      </form>
    </Dialog>
  )
}
