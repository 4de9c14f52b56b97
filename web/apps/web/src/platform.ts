//! The one client of the app and whether somebody is signed in. Screens import this, never `fetch`.

import { createSignal } from 'solid-js'
import { Bijou } from '@bijou/api-client/bijou.ts'
import { go, here } from './router.ts'
import { forgetHome } from './home/state.ts'

export const bijou = new Bijou()

export type Member = { kind: 'unknown' } | { kind: 'nobody' } | { kind: 'signed-in' }

const [member, setMember] = createSignal<Member>({ kind: 'unknown' })
export { member }

// The refresh cookie cannot be seen from here; this only remembers that one was given, to save a visitor a refusal.
const HINT = 'bijou.signed-in'

export async function enter(): Promise<void> {
  if (localStorage.getItem(HINT) === null) return void setMember({ kind: 'nobody' })
  const refreshed = await bijou.transport.refresh()
  // When identity is away the screens are shown all the same: they say themselves what they could not get.
  setMember(refreshed === 'signed-out' ? { kind: 'nobody' } : { kind: 'signed-in' })
}

export function signedIn(): void {
  localStorage.setItem(HINT, '1')
  forgetHome()
  setMember({ kind: 'signed-in' })
  const at = here().kind
  if (at === 'sign-in' || at === 'sign-up') go({ kind: 'home' }, 'replace')
}

export function signedOut(): void {
  localStorage.removeItem(HINT)
  forgetHome()
  setMember({ kind: 'nobody' })
}

bijou.transport.onSignedOut(signedOut)
