//! The operator's door: an account that may operate, or the token printed at start.

import { createSignal, Show } from 'solid-js'
import { Logo } from '@bijou/ui/Logo.tsx'
import { signIn, signInWithAccount } from './operator.ts'

export function SignIn() {
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [byToken, setByToken] = createSignal(false)
  const knock = async (event: SubmitEvent) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const field = (name: string) => String(given.get(name))
    setBusy(true)
    setWords(await (byToken() ? signIn(field('token')) : signInWithAccount(field('email'), field('password'))))
    setBusy(false)
  }
  const change = () => {
    setWords(undefined)
    setByToken(!byToken())
  }
  return (
    <main class="sign-in">
      <Logo />
      <h1>Operator</h1>
      <p class="quiet">What runs, what is slow, what failed and why.</p>
      <form onSubmit={(event) => void knock(event)}>
        <Show when={byToken()} fallback={
          <>
            <label for="email">E-mail address</label>
            <input id="email" name="email" type="email" autocomplete="username" required aria-describedby="email-hint" />
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required />
            <p class="faint" id="email-hint">Of an account listed in identity.operators.</p>
          </>
        }>
          <label for="token">Operator token</label>
          <input id="token" name="token" type="password" autocomplete="off" required aria-describedby="token-hint" />
          <p class="faint" id="token-hint">Printed in the terminal when the platform starts, with a link that carries it.</p>
        </Show>
        <p class="refused" role="alert">{words()}</p>
        <button class="button button--main" type="submit" disabled={busy()}>Sign in</button>
        <button class="button button--small" type="button" onClick={change}>{byToken() ? 'With an account' : 'With the printed token'}</button>
      </form>
    </main>
  )
}
