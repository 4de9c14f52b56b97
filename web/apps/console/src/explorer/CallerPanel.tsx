//! As whom calls are made: chosen, signed in, and left again.

import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { become, caller, signInAs, signOutAs, useKey, wordsOf } from './caller.ts'

type Kind = 'nobody' | 'account' | 'app'

const KINDS: readonly (readonly [Kind, string])[] = [['nobody', 'Nobody'], ['account', 'An account'], ['app', 'A partner’s app']]

export function CallerPanel() {
  const [wanted, setWanted] = createSignal<Kind>(caller().kind)
  const choose = (kind: Kind) => {
    setWanted(kind)
    if (kind === 'nobody') void signOutAs()
  }
  return (
    <details class="caller">
      <summary>Calls are made as <strong>{wordsOf(caller())}</strong></summary>
      <div class="caller__inside">
        <p class="page__actions" role="group" aria-label="As whom">
          <For each={KINDS}>{([kind, label]) => <button type="button" class="button button--small" aria-pressed={wanted() === kind} onClick={() => choose(kind)}>{label}</button>}</For>
        </p>
        <Switch>
          <Match when={wanted() === 'account'}><Account /></Match>
          <Match when={wanted() === 'app'}><App /></Match>
        </Switch>
        <p class="faint">Kept in this tab’s memory alone. The console’s own operations are asked as you.</p>
      </div>
    </details>
  )
}

function Account() {
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const account = () => { const now = caller(); return now.kind === 'account' ? now : undefined }
  const run = async (work: Promise<string | undefined>) => {
    setBusy(true)
    setWords(await work)
    setBusy(false)
  }
  const signIn = (event: SubmitEvent) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    void run(signInAs(String(given.get('email')), String(given.get('password')), given.has('operates')))
  }
  const change = (event: SubmitEvent) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    void run(become(account()?.profiles.find((each) => each.id === given.get('profile')), String(given.get('pin') ?? '')))
  }
  return (
    <>
      <Show when={account()} fallback={
        <form class="caller__form" onSubmit={signIn}>
          <label>E-mail address <input name="email" type="email" required autocomplete="off" /></label>
          <label>Password <input name="password" type="password" required autocomplete="off" /></label>
          <label class="caller__check"><input name="operates" type="checkbox" /> with the operator’s scope</label>
          <button type="submit" class="button button--small button--main" disabled={busy()}>Sign in</button>
        </form>
      }>
        {(account) => (
          <form class="caller__form" onSubmit={change}>
            <label>Profile
              <select name="profile">
                <option value="" selected={!account().profile}>the account as a whole</option>
                <For each={account().profiles}>{(each) => <option value={each.id} selected={account().profile?.id === each.id}>{each.name}{each.has_pin ? ', with a PIN' : ''}</option>}</For>
              </select>
            </label>
            <Show when={account().profiles.some((each) => each.has_pin)}><label>PIN <input name="pin" inputmode="numeric" autocomplete="off" /></label></Show>
            <button type="submit" class="button button--small button--main" disabled={busy()}>Become it</button>
            <button type="button" class="button button--small" onClick={() => void signOutAs()}>Sign out</button>
          </form>
        )}
      </Show>
      <p class="refused" role="alert">{words()}</p>
    </>
  )
}

function App() {
  const key = () => { const now = caller(); return now.kind === 'app' ? now.key : '' }
  return (
    <form class="caller__form" onSubmit={(event) => { event.preventDefault(); useKey(String(new FormData(event.currentTarget).get('key'))) }}>
      <label>Key <input name="key" required value={key()} autocomplete="off" spellcheck={false} placeholder="bjs_…" /></label>
      <button type="submit" class="button button--small button--main">Use it</button>
    </form>
  )
}
