//! As whom calls are made: nobody, an account (as a whole or as one of its profiles), or a partner's app.
//!
//! Signing in is a call like any other, through the console, so the browser's own session stays the operator's. What is learned
//! here stays in this tab's memory: never in storage, never in an address, and gone with a reload.

import { createEffect, createRoot, createSignal } from 'solid-js'
import { appKey, bearer, type Credential } from '@bijou/reference/call.ts'
import type { CallWanted, Called } from '@bijou/api-client/console.ts'
import type { Answer } from '@bijou/api-client/transport.ts'
import { console_, noticing, operator } from '../operator.ts'

export interface ProfileChoice { id: string; name: string; has_pin: boolean }

export type Caller =
  | { kind: 'nobody' }
  | { kind: 'account'; email: string; token: string; refresh: string | undefined; session: string; profiles: ProfileChoice[]; profile?: ProfileChoice }
  | { kind: 'app'; key: string }

const [caller, setCaller] = createSignal<Caller>({ kind: 'nobody' })
export { caller }

// Whoever signs in here next is somebody else.
createRoot(() => createEffect(() => void (operator() === 'nobody' && setCaller({ kind: 'nobody' }))))

export function credentialOf(now: Caller): Credential | undefined {
  switch (now.kind) {
    case 'nobody': return undefined
    case 'account': return bearer(now.token)
    case 'app': return appKey(now.key)
  }
}

export function wordsOf(now: Caller): string {
  switch (now.kind) {
    case 'nobody': return 'nobody'
    case 'account': return now.profile ? `${now.profile.name} of ${now.email}` : now.email
    case 'app': return 'an app'
  }
}

export const useKey = (key: string): void => void setCaller({ kind: 'app', key: key.trim() })

/** One call through the console: what came back, whatever its status. */
export const called = async (call: CallWanted): Promise<Answer<Called>> => noticing(await console_.call(call))

const DEVICE = 'API explorer'
const asJson = { 'content-type': 'application/json' }
const asForm = { 'content-type': 'application/x-www-form-urlencoded' }

/** What a call that had to come to something came to, or what to say. */
function read<T>(answer: Answer<Called>): T | string {
  if (!answer.ok) return answer.problem.detail ?? answer.problem.title
  try {
    const body = JSON.parse(answer.value.body) as T & { title?: string; detail?: string; error_description?: string }
    return answer.value.status < 300 ? body : body.detail ?? body.title ?? body.error_description ?? `It answered ${answer.value.status}.`
  } catch {
    return `It answered ${answer.value.status}.`
  }
}

/** `undefined` when the account is signed in, otherwise what to say. */
export async function signInAs(email: string, password: string, operates: boolean): Promise<string | undefined> {
  const body = JSON.stringify({ email: email.trim(), password, device_name: DEVICE, ...(operates && { scope: 'viewer operator' }) })
  const signedIn = read<{ access_token: string; refresh_token?: string; session: { id: string } }>(await called({ method: 'POST', path: '/v1/sessions', fields: asJson, body }))
  if (typeof signedIn === 'string') return signedIn
  await signOutAs()
  const fields = { authorization: `Bearer ${signedIn.access_token}` }
  // An account without profiles, or without the service that has them, calls as a whole.
  const profiles = read<{ items: ProfileChoice[] }>(await called({ method: 'GET', path: '/v1/profiles', fields }))
  setCaller({
    kind: 'account', email: email.trim(), token: signedIn.access_token, refresh: signedIn.refresh_token, session: signedIn.session.id,
    profiles: typeof profiles === 'string' ? [] : profiles.items,
  })
  return undefined
}

/** Trades the token for one of a profile (RFC 8693), or of the account as a whole. */
export async function become(profile: ProfileChoice | undefined, pin: string): Promise<string | undefined> {
  const now = caller()
  if (now.kind !== 'account') return undefined
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: now.token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token', resource: profile ? `urn:bijou:profile:${profile.id}` : 'urn:bijou:account',
    ...(pin !== '' && { pin }),
  })
  const traded = read<{ access_token: string }>(await called({ method: 'POST', path: '/oauth/token', fields: asForm, body: form.toString() }))
  if (typeof traded === 'string') return traded
  const { profile: _, ...rest } = now
  setCaller({ ...rest, token: traded.access_token, ...(profile && { profile }) })
  return undefined
}

/** A new token for one that is over; whether there is one. */
export async function renew(): Promise<boolean> {
  const now = caller()
  if (now.kind !== 'account' || now.refresh === undefined) return false
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: now.refresh })
  const renewed = read<{ access_token: string; refresh_token?: string }>(await called({ method: 'POST', path: '/oauth/token', fields: asForm, body: form.toString() }))
  if (typeof renewed === 'string') return false
  setCaller({ ...now, token: renewed.access_token, refresh: renewed.refresh_token })
  return true
}

/** Ends the session at identity, too, if it still is one. */
export async function signOutAs(): Promise<void> {
  const now = caller()
  setCaller({ kind: 'nobody' })
  if (now.kind !== 'account') return
  await called({ method: 'DELETE', path: `/v1/sessions/${encodeURIComponent(now.session)}`, fields: { authorization: `Bearer ${now.token}` } })
}
