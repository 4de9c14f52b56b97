//! Letting a television in: whoever is signed in here types or scans its code, looks who asks, and says yes or no.
//!
//! Codes are also sent by people who want to watch on somebody else's account: the page says so before the button.

import { createEffect, createSignal, Match, on, Show, Switch } from 'solid-js'
import { Device, type DeviceCode } from '@bijou/api-client/device.ts'
import { bijou, member } from '../platform.ts'
import { ago } from '../words.ts'
import { tidy } from './code.ts'
import { wordsFor } from './refusals.ts'
import './LinkPage.css'

type State =
  | { kind: 'typing'; words: string }
  | { kind: 'looking' }
  | { kind: 'asked'; code: DeviceCode; words: string }
  | { kind: 'done'; name: string; approved: boolean }

export function LinkPage(props: { code: string }) {
  const device = new Device(bijou.transport)
  const [state, setState] = createSignal<State>({ kind: 'typing', words: '' })
  let field!: HTMLInputElement

  const look = async (text: string) => {
    const code = tidy(text)
    if (code === undefined) return void setState({ kind: 'typing', words: 'A code has eight letters, such as BCDF-GHJK.' })
    setState({ kind: 'looking' })
    const found = await device.look(code)
    setState(found.ok ? { kind: 'asked', code: found.value, words: '' } : { kind: 'typing', words: wordsFor(found.problem) })
  }
  // A code may be typed before the page knows who is signed in: it is looked at as soon as it does.
  const [wanted, setWanted] = createSignal({ code: '' })
  createEffect(on(() => props.code, (code) => setWanted({ code })))
  createEffect(on(() => [wanted(), member().kind] as const, ([{ code }, kind]) => {
    if (code && kind === 'signed-in') void look(code)
  }))
  const decide = async (code: DeviceCode, approve: boolean) => {
    const decided = await device.decide(code.user_code, approve)
    if (!decided.ok) return void setState({ kind: 'asked', code, words: wordsFor(decided.problem) })
    setState({ kind: 'done', name: code.device_name ?? 'The device', approved: approve })
  }
  const asked = () => {
    const now = state()
    return now.kind === 'asked' ? now : undefined
  }
  const done = () => {
    const now = state()
    return now.kind === 'done' ? now : undefined
  }
  const words = () => {
    const now = state()
    return now.kind === 'typing' ? now.words : ''
  }
  return (
    <div class="page link">
      <Switch fallback={
        <>
          <h1 tabindex="-1">Sign in a television</h1>
          <p class="quiet">Type the code it shows. Small and capital letters are the same.</p>
          <form class="link__form" onSubmit={(event) => { event.preventDefault(); setWanted({ code: field.value }) }} data-focus-row>
            <label for="link-code" class="link__label">Code</label>
            <input id="link-code" ref={field} value={props.code} required autocomplete="off" autocapitalize="characters" spellcheck={false} placeholder="BCDF-GHJK" />
            <button class="button button--main" disabled={state().kind === 'looking'}>Go on</button>
          </form>
          <p class="refused" role="alert">{words()}</p>
        </>
      }>
        <Match when={asked()}>
          {(now) => (
            <>
              <h1 tabindex="-1">Let {now().code.device_name ?? 'this device'} in?</h1>
              <p class="link__code"><span class="quiet">It shows</span> <strong>{now().code.user_code}</strong></p>
              <dl class="link__facts">
                <Show when={now().code.client_name}>{(app) => <><dt>App</dt><dd>{app()}, which may play films for you and manage nothing</dd></>}</Show>
                <dt>Asked</dt><dd>{ago(now().code.created_at)}</dd>
                <Show when={now().code.address}>{(address) => <><dt>From</dt><dd>{address()}{now().code.same_network ? ', the network you are in' : ''}</dd></>}</Show>
              </dl>
              <p classList={{ link__warning: !now().code.same_network }}>
                <Show when={now().code.same_network} fallback="This is another network than yours. Say yes only if you see this code on a television in front of you.">
                  Say yes only if you see this code on a screen in front of you. Whoever sent you a code by mail or chat wants to watch on your account.
                </Show>
              </p>
              <div class="ways" data-focus-row>
                <button type="button" class="button button--main" id="approve" onClick={() => void decide(now().code, true)}>Yes, let it in</button>
                <button type="button" class="button" id="deny" onClick={() => void decide(now().code, false)}>No</button>
              </div>
              <p class="refused" role="alert">{now().words}</p>
            </>
          )}
        </Match>
        <Match when={done()}>
          {(now) => (
            <>
              <h1 tabindex="-1">{now().approved ? 'It is in' : 'It stays outside'}</h1>
              <p role="status" class="quiet">{now().approved
                ? `${now().name} goes on by itself within a few seconds. You can end its session on your account page.`
                : `${now().name} was told no.`}</p>
              <a class="button" href="/account">Your account</a>
            </>
          )}
        </Match>
      </Switch>
    </div>
  )
}
