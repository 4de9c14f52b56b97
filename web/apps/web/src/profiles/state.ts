//! What a profile may be, in words, and what a refused PIN says.

import { isPassing, type Problem } from '@bijou/api-client/problem.ts'
import type { Erasure, Profile, ProfileChange } from '@bijou/api-client/types.ts'
import { language } from '../words.ts'

/** As the platform allows. */
export const PROFILES_MAX = 5
export const PIN_LENGTH = { min: 4, max: 8 }

/** Of a child's profile, as the platform has it. */
export const KIDS_USUAL = 7
export const KIDS_MAX = 12

/** Ages that certifications ask for; the last is no ceiling. */
export const CEILINGS: { age: number | undefined; words: string }[] = [
  { age: 0, words: 'All ages' }, { age: 7, words: 'Up to 7' }, { age: 12, words: 'Up to 12' }, { age: 16, words: 'Up to 16' },
  { age: undefined, words: 'Everything' },
]

/** Languages that names and words of films are asked for in, where the catalog has them. */
export const LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt', 'sv', 'tr', 'ja', 'ko', 'zh']

/** The languages as choices; one that somebody has already is among them, and none first where none is a choice. */
export function languages(none: string | undefined, chosen: string | undefined): { value: string; words: string }[] {
  const offered = chosen && !LANGUAGES.includes(chosen) ? [chosen, ...LANGUAGES] : LANGUAGES
  return [...(none === undefined ? [] : [{ value: '', words: none }]), ...offered.map((tag) => ({ value: tag, words: language(tag) }))]
}

/** What somebody reads whose PIN was not taken. */
export function refusedPin(problem: Problem): string {
  switch (problem.code) {
    case 'pin-required': return ''
    case 'pin-wrong': {
      const left = problem.more?.['tries_left']
      return typeof left === 'number' ? `Not that one. ${left === 1 ? 'One try is' : `${left} tries are`} left.` : 'Not that one. Try again.'
    }
    case 'pin-locked': {
      const minutes = Math.ceil((problem.retry_after_s ?? 60) / 60)
      return `Too many tries. It opens again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}; other profiles are open.`
    }
    default:
      return isPassing(problem) ? 'Sign-in does not answer. Try again in a few seconds.' : problem.detail ?? problem.title
  }
}

/** What of a form is another than it was: `null` for a ceiling that is taken away. */
export function changed(before: Profile, now: Required<Pick<Profile, 'name' | 'avatar' | 'kids' | 'language'>> & { maturity: number | undefined }): ProfileChange {
  return {
    ...(now.name !== before.name && { name: now.name }),
    ...(now.avatar !== before.avatar && { avatar: now.avatar }),
    ...(now.language !== before.language && { language: now.language }),
    ...(now.kids !== before.kids && { kids: now.kids }),
    ...(now.maturity !== before.maturity && { maturity: now.maturity ?? null }),
  }
}

/** Whose PIN is asked for: a grown-up's on the way in, a child's on the way out. */
export function whosePin(to: Profile, from: Profile | undefined): Profile {
  return !to.kids && to.has_pin ? to : from?.kids && from.has_pin ? from : to
}

/** What somebody reads whose profile was not kept. */
export function refusedProfile(problem: Problem): string {
  if (isPassing(problem)) return 'Not kept: profiles does not answer. Try again in a moment.'
  switch (problem.code) {
    case 'profiles-full': return 'The house is full: an account has five profiles.'
    case 'kids-profile': return 'A child’s profile cannot do this. Switch to a grown-up’s first.'
    case 'profile-limited': return 'Your profile has a ceiling itself, so somebody without one has to do this.'
    case 'profile-guarded': return 'This profile has a PIN: it is changed from inside, with its own PIN.'
    case 'list-full': return 'There is no more room: take something off first.'
    default: return problem.detail ? `${problem.title}: ${problem.detail}` : problem.title
  }
}

/** How far a deletion is; `watched`: somebody still looks, and it is asked for. */
export function erased({ state, services }: Pick<Erasure, 'state' | 'services'>, watched: boolean): string {
  if (state === 'done') return 'Every service has said that nothing is left.'
  const done = services.filter((each) => each.acknowledged_at !== undefined).length
  const far = `${done} of ${services.length} services have said that nothing is left.`
  return watched ? far : `${far} The others are asked until they do; nothing more has to be done here.`
}
