//! The way in: sign in, or sign up and be signed in at once. The form stands in the lit doorway of the logo.

import { createEffect, createSignal, on, Show } from 'solid-js'
import { isPassing, type Problem } from '@bijou/api-client/problem.ts'
import { titled } from '../Frame.tsx'
import { pathOf } from '../places.ts'
import { bijou, signedIn } from '../platform.ts'
import { deviceName } from '../words.ts'
import { Field } from './Field.tsx'
import './Door.css'

type Attempt = { kind: 'ready' } | { kind: 'knocking' } | { kind: 'refused'; words: string }

export function Door(props: { signUp: boolean }) {
  let form!: HTMLFormElement
  const [attempt, setAttempt] = createSignal<Attempt>({ kind: 'ready' })
  titled(() => (props.signUp ? 'Sign up' : 'Sign in'))
  createEffect(on(() => props.signUp, () => setAttempt({ kind: 'ready' })))

  const knock = async (event: SubmitEvent) => {
    event.preventDefault()
    if (attempt().kind === 'knocking') return
    const fields = new FormData(form)
    const email = String(fields.get('email')).trim()
    const password = String(fields.get('password'))
    setAttempt({ kind: 'knocking' })
    if (props.signUp) {
      const account = await bijou.signUp(email, password, String(fields.get('name')).trim() || undefined)
      if (!account.ok) return refused(account.problem)
    }
    const session = await bijou.signIn(email, password, deviceName(navigator.userAgent))
    if (!session.ok) return refused(session.problem)
    await signedIn(props.signUp ? { name: String(fields.get('name')).trim() || undefined } : undefined)
  }
  const refused = (problem: Problem) => void setAttempt({ kind: 'refused', words: wordsFor(problem, props.signUp) })
  const words = () => {
    const now = attempt()
    return now.kind === 'refused' ? now.words : undefined
  }

  return (
    <main class="door" data-knocking={attempt().kind === 'knocking'}>
      <div class="door__way">
        <svg class="door__arch" viewBox="0 0 400 216" aria-hidden="true">
          <g class="door__bulbs">
            <circle cx="13.6" cy="135.2" r="8" /><circle cx="84.8" cy="37.2" r="8" /><circle cx="200" cy="-0.2" r="8" />
            <circle cx="315.2" cy="37.2" r="8" /><circle cx="386.4" cy="135.2" r="8" />
          </g>
        </svg>
        <div class="door__room">
          <p class="door__sign">Bijou</p>
          <h1 class="door__title" tabindex="-1">{props.signUp ? 'Take a seat' : 'Good evening'}</h1>
          <form class="door__form" ref={form} onSubmit={(event) => void knock(event)}>
            <Show when={props.signUp}>
              <Field name="name" label="Name" hint="Optional" autocomplete="name" />
            </Show>
            <Field name="email" label="Email" type="email" autocomplete="username" required />
            <Field name="password" label="Password" type="password" required
              autocomplete={props.signUp ? 'new-password' : 'current-password'}
              {...(props.signUp && { hint: 'Long beats clever: 8 characters or more', minlength: 8 })} />
            <p class="door__refused" role="alert">{words()}</p>
            <button class="button button--main" type="submit" disabled={attempt().kind === 'knocking'}>
              {attempt().kind === 'knocking' ? 'One moment' : props.signUp ? 'Sign up' : 'Sign in'}
            </button>
          </form>
          <p class="door__other">
            <Show when={props.signUp} fallback={<>New here? <a href={pathOf({ kind: 'sign-up' })}>Sign up</a></>}>
              Have a seat already? <a href={pathOf({ kind: 'sign-in' })}>Sign in</a>
            </Show>
          </p>
        </div>
      </div>
      <div class="door__floor" aria-hidden="true" />
    </main>
  )
}

function wordsFor(problem: Problem, signUp: boolean): string {
  if (problem.status === 429) return 'That was a lot of tries. Wait a minute, then try again.'
  if (isPassing(problem)) return 'The door is stuck: sign-in does not answer. Try again in a few seconds; nothing was lost.'
  if (signUp && problem.status === 409) return 'This address has an account already. Sign in instead.'
  if (!signUp && (problem.status === 401 || problem.status === 403)) return 'Email or password is not right. Try again.'
  // Services write a title as a sentence and the detail as its second half.
  return problem.detail ? `${problem.title}: ${problem.detail}` : problem.title
}
