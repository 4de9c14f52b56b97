//! The one client of the app, whether somebody is signed in, and who of the household is watching.
//! Screens import this, never `fetch`.

import { createSignal } from 'solid-js'
import { Bijou } from '@bijou/api-client/bijou.ts'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { Profile } from '@bijou/api-client/types.ts'
import { go, here } from './router.ts'

export const bijou = new Bijou()

// The refresh cookie cannot be seen from here; this only remembers that one was given, to save a visitor a refusal.
const HINT = 'bijou.signed-in'
const ME = 'bijou.me'

/** `choosing`: signed in, and somebody has to say who is watching. */
export type Member = { kind: 'unknown' } | { kind: 'nobody' } | { kind: 'choosing' } | { kind: 'signed-in' }

const [member, setMember] = createSignal<Member>({ kind: 'unknown' })
export { member }

/** What is shown of the profile in use: kept between visits, so that the header is whole before profiles answers. */
export type Me = Pick<Profile, 'id' | 'name' | 'avatar' | 'kids' | 'language'>

// Told again with the same words, nothing changes: whoever shows a person does not start over.
const [me, setMe] = createSignal<Me | undefined>(remembered(), { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) })
/** Absent while profiles is away, or has never answered: then the account watches as a whole. */
export { me }

type Forget = () => void
const forgetful: Forget[] = []

/** What a screen has kept of one person is forgotten before another one sits down. */
export function onOtherPerson(forget: Forget): void {
  forgetful.push(forget)
}

const leaving: Forget[] = []

/** Nothing of somebody who signs out stays on this device. */
export function onSignOut(forget: Forget): void {
  leaving.push(forget)
}

export async function enter(): Promise<void> {
  if (localStorage.getItem(HINT) === null) return void setMember({ kind: 'nobody' })
  const refreshed = await bijou.transport.refresh()
  if (refreshed === 'signed-out') return void setMember({ kind: 'nobody' })
  // When identity is away the screens are shown all the same: they say themselves what they could not get.
  if (refreshed === 'unknown') return void setMember({ kind: 'signed-in' })
  await sitDown()
}

/** `newcomer`: somebody who has just signed up, by the name they gave, if any. */
export async function signedIn(newcomer?: { name: string | undefined }): Promise<void> {
  const isNew = newcomer !== undefined
  localStorage.setItem(HINT, '1')
  forgetAll()
  await sitDown()
  // The first profile knows no name; whoever signed up has said theirs. Without an answer it keeps the one it has.
  const first = me()
  if (newcomer?.name && first && first.name !== newcomer.name) {
    const named = await bijou.mine.changeProfile(first.id, { name: newcomer.name.slice(0, 40) })
    if (named.ok) know(named.value)
  }
  const at = here().kind
  if (at === 'sign-in' || at === 'sign-up') go({ kind: isNew && me() !== undefined ? 'picks' : 'home' }, 'replace')
}

export function signedOut(): void {
  localStorage.removeItem(HINT)
  for (const forget of leaving) forget()
  changeTo(undefined)
  setMember({ kind: 'nobody' })
}

/** The login session remembers who watched last; otherwise somebody says so, unless there is only one to be. */
async function sitDown(): Promise<void> {
  const known = bijou.transport.profile
  if (known !== undefined) {
    setMember({ kind: 'signed-in' })
    // The face and the name may come a moment later, or not at all.
    const all = await bijou.mine.profiles()
    if (!all.ok || bijou.transport.profile !== known) return
    const person = all.value.items.find((each) => each.id === known)
    know(person)
    // Deleted meanwhile, from somewhere else.
    if (!person) setMember({ kind: 'choosing' })
    return
  }
  const all = await bijou.mine.profiles()
  // Without profiles every film still plays: the account watches as a whole.
  if (!all.ok || all.value.items.length === 0) {
    know(undefined)
    return void setMember({ kind: 'signed-in' })
  }
  const [only, ...others] = all.value.items
  if (only && others.length === 0 && !only.has_pin && (await become(only)).ok) return
  setMember({ kind: 'choosing' })
}

/** Somebody says who is watching. A refusal is an answer: `pin-required`, `pin-wrong`, `pin-locked`. */
export async function become(profile: Profile, pin?: string): Promise<Answer<void>> {
  const answer = await bijou.mine.become(profile.id, pin)
  if (!answer.ok) return answer
  changeTo(profile)
  setMember({ kind: 'signed-in' })
  return answer
}

/** Profiles does not answer: in all the same, as the account. */
export function goWithout(): void {
  changeTo(undefined)
  setMember({ kind: 'signed-in' })
}

/** First everything is forgotten: a screen that sees somebody else asks anew at once. */
function changeTo(person: Me | undefined): void {
  forgetAll()
  know(person)
}

/** A profile was changed, or none is in use. */
export function know(profile: Me | undefined): void {
  bijou.transport.language = profile?.language
  if (!profile) {
    localStorage.removeItem(ME)
    return void setMe(undefined)
  }
  const { id, name, avatar, kids, language } = profile
  const kept: Me = { id, name, avatar, kids, language }
  localStorage.setItem(ME, JSON.stringify(kept))
  setMe(kept)
}

function remembered(): Me | undefined {
  try {
    return (JSON.parse(localStorage.getItem(ME) ?? 'null') as Me | null) ?? undefined
  } catch {
    return undefined
  }
}

function forgetAll(): void {
  for (const forget of forgetful) forget()
}

bijou.transport.language = me()?.language
bijou.transport.onSignedOut(signedOut)
// Another tab, or another browser of this session, changed who is watching.
bijou.transport.onProfile((profile) => {
  if (profile === undefined || profile === me()?.id || member().kind !== 'signed-in') return
  void bijou.mine.profiles().then((all) => {
    if (!all.ok || bijou.transport.profile !== profile || me()?.id === profile) return
    changeTo(all.value.items.find((each) => each.id === profile))
  })
})
