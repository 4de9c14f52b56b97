//! Who is signed in, and where. Every place can be signed out from here.

import { createEffect, createSignal, For, on, Show } from 'solid-js'
import { isPassing, type Problem } from '@bijou/api-client/problem.ts'
import type { Account, Session } from '@bijou/api-client/types.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { bijou, member, signedOut } from '../platform.ts'
import { go } from '../router.ts'
import { ago } from '../words.ts'
import './AccountPage.css'

type State =
  | { kind: 'loading' }
  | { kind: 'account'; account: Account; sessions: Session[] }
  | { kind: 'problem'; problem: Problem }

export function AccountPage() {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [said, setSaid] = createSignal('')

  const load = async () => {
    const [account, sessions] = await Promise.all([bijou.me(), bijou.sessions()])
    if (!account.ok) return void setState({ kind: 'problem', problem: account.problem })
    if (!sessions.ok) return void setState({ kind: 'problem', problem: sessions.problem })
    setState({ kind: 'account', account: account.value, sessions: sessions.value.items })
  }
  createEffect(on(() => member().kind, (kind) => void (kind === 'signed-in' && load())))

  const signOut = async () => {
    const ended = await bijou.signOut()
    // Otherwise the next person at this browser could come back in.
    if (!ended.ok && isPassing(ended.problem)) {
      return void setSaid('You are still signed in: sign-in does not answer. Try again in a few seconds.')
    }
    signedOut()
    go({ kind: 'home' }, 'replace')
  }
  const end = async (session: Session) => {
    const ended = await bijou.endSession(session.id)
    setSaid(ended.ok
      ? `${session.device_name ?? 'That place'} is signed out. It may go on for up to ten minutes.`
      : 'That did not work: sign-in does not answer. Try again in a few seconds.')
    await load()
  }

  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  const loaded = () => {
    const now = state()
    return now.kind === 'account' ? now : undefined
  }
  return (
    <Show when={!problem()} fallback={
      <Notice level={1} urgent title="Your account cannot be shown" requestId={problem()?.request_id}
        action={{ label: 'Try again', run: () => void load() }}>
        Sign-in does not answer. You stay signed in, and films go on playing.
      </Notice>
    }>
      <div class="account">
        <h1 tabindex="-1">{loaded()?.account.name ?? 'Your account'}</h1>
        <Show when={loaded()} fallback={<Lines count={4} />}>
          {(now) => (
            <>
              <p class="quiet">{now().account.email}</p>
              <div class="ways" data-focus-row>
                <button type="button" class="button" id="sign-out" onClick={() => void signOut()}>Sign out here</button>
                <a class="button button--quiet" id="to-profiles" href="/profiles">Profiles</a>
              </div>
              <section aria-labelledby="sessions">
                <h2 id="sessions">Signed in</h2>
                <ul class="sessions">
                  <For each={now().sessions}>
                    {(session) => (
                      <li class="session" data-focus-row>
                        <span class="session__light" classList={{ 'session__light--here': session.current }} aria-hidden="true" />
                        <div>
                          <p class="session__name">{session.device_name ?? 'A device without a name'}</p>
                          <p class="faint">{session.profile?.name ? `${session.profile.name}. ` : ''}{session.current ? 'This browser' : `Last seen ${ago(session.last_seen_at)}`}, since {new Date(session.created_at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}</p>
                        </div>
                        <Show when={!session.current}>
                          <button type="button" class="button button--small" onClick={() => void end(session)}
                            aria-label={`Sign out ${session.device_name ?? 'this device'}`}>Sign out</button>
                        </Show>
                      </li>
                    )}
                  </For>
                </ul>
                <p class="account__said" role="status">{said()}</p>
              </section>
            </>
          )}
        </Show>
      </div>
    </Show>
  )
}
