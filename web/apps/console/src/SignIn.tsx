//! The operator's door: one field, for the token printed at start.

import { createSignal } from 'solid-js'
import { Logo } from '@bijou/ui/Logo.tsx'
import { signIn } from './operator.ts'

export function SignIn() {
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const knock = async (event: SubmitEvent) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token')
    setBusy(true)
    setWords(await signIn(String(token)))
    setBusy(false)
  }
  return (
    <main class="sign-in">
      <Logo />
      <h1>Operator</h1>
      <p class="quiet">What runs, what is slow, what failed and why.</p>
      <form onSubmit={(event) => void knock(event)}>
        <label for="token">Operator token</label>
        <input id="token" name="token" type="password" autocomplete="off" required aria-describedby="token-hint" />
        <p class="faint" id="token-hint">Printed in the terminal when the platform starts, with a link that carries it.</p>
        <p class="sign-in__refused" role="alert">{words()}</p>
        <button class="button button--main" type="submit" disabled={busy()}>Sign in</button>
      </form>
    </main>
  )
}
