//! Whether the operator is signed in, and the one client of the page.

import { createSignal } from 'solid-js'
import { Console } from '@bijou/api-client/console.ts'
import type { Answer } from '@bijou/api-client/transport.ts'
import { tokenOf } from './places.ts'

export const console_ = new Console()

export type Operator = 'unknown' | 'nobody' | 'signed-in'
const [operator, setOperator] = createSignal<Operator>('unknown')
export { operator }

/** Who is signed in: `token`, or an e-mail address. */
const [who, setWho] = createSignal('')
export { who }

export async function enter(): Promise<void> {
  const token = tokenOf(location.hash)
  if (token !== undefined) {
    history.replaceState(null, '', '#/')
    if (await signIn(decodeURIComponent(token)) === undefined) return
  }
  await greet()
}

async function greet(): Promise<void> {
  const session = await console_.session()
  if (session.ok) setWho(session.value.who)
  setOperator(session.ok ? 'signed-in' : 'nobody')
}

/** `undefined` when the token was right, otherwise what to say. */
export async function signIn(token: string): Promise<string | undefined> {
  const answer = await console_.signIn(token.trim())
  if (answer.ok) return void await greet()
  switch (answer.problem.status) {
    case 401: return 'That is not the token of this run. It is printed when the platform starts.'
    case 429: return 'That was a lot of tries. Wait a minute, then try again.'
    default: return 'The console does not answer. The platform itself may be fine: look at the terminal it was started in.'
  }
}

/** `undefined` when the account operates the platform, otherwise what to say. */
export async function signInWithAccount(email: string, password: string): Promise<string | undefined> {
  const answer = await console_.signInWithAccount(email.trim(), password)
  if (answer.ok) return void await greet()
  switch (answer.problem.code) {
    case 'operator-credentials-wrong': return 'E-mail address or password is wrong.'
    case 'not-an-operator': return 'This account does not operate the platform. Accounts that do are listed in identity.operators.'
    case 'sign-in-limited': return 'That was a lot of tries. Wait a minute, then try again.'
    case 'identity-away': return 'Accounts cannot be checked: identity does not answer. The printed token works without it.'
    default: return 'The console does not answer, or cannot record who signs in. The terminal it was started in says more.'
  }
}

export async function signOut(): Promise<void> {
  await console_.signOut()
  setOperator('nobody')
}

/** Passes an answer on; an expired session leads back to the sign-in. */
export function noticing<T>(answer: Answer<T>): Answer<T> {
  if (!answer.ok && answer.problem.status === 401) setOperator('nobody')
  return answer
}
