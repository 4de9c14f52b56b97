//! Who is watching: a face for each of the household. A PIN is asked for where there is one.

import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Profile } from '@bijou/api-client/types.ts'
import { Avatar } from '@bijou/ui/Avatar.tsx'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { LockIcon, PencilIcon, PlusIcon } from '@bijou/ui/icons.tsx'
import { Logo } from '@bijou/ui/Logo.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { titled } from '../Frame.tsx'
import { NEW, pathOf } from '../places.ts'
import { become, bijou, goWithout, me, member } from '../platform.ts'
import { go, here } from '../router.ts'
import { PinDialog } from './PinDialog.tsx'
import { PROFILES_MAX, whosePin } from './state.ts'
import './WhoIsWatching.css'

type State = { kind: 'loading' } | { kind: 'household'; people: Profile[] } | { kind: 'problem'; problem: Problem }

export function WhoIsWatching() {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [asked, setAsked] = createSignal<Profile>()
  const [managing, setManaging] = createSignal(false)
  const [said, setSaid] = createSignal('')
  titled(() => 'Who is watching?')

  const load = async () => {
    setState({ kind: 'loading' })
    const all = await bijou.mine.profiles()
    setState(all.ok ? { kind: 'household', people: all.value.items } : { kind: 'problem', problem: all.problem })
  }
  // Asked for by address, it is here before the token is.
  createEffect(on(() => member().kind, (kind) => void ((kind === 'choosing' || kind === 'signed-in') && load())))

  /** Asked for on the way to some other place: that place is next. */
  const goOn = () => here().kind === 'profiles' && go({ kind: 'home' })
  const choose = async (person: Profile) => {
    if (person.id === me()?.id && bijou.transport.profile === person.id) return goOn()
    setSaid('')
    const answer = await become(person)
    if (answer.ok) return goOn()
    const { code } = answer.problem
    if (code === 'pin-required' || code === 'pin-wrong' || code === 'pin-locked') return void setAsked(person)
    setSaid(code === 'profile-not-found'
      ? `${person.name} is not here any more.`
      : 'That did not work: sign-in does not answer. Try again in a few seconds.')
    if (code === 'profile-not-found') await load()
  }
  const people = () => {
    const now = state()
    return now.kind === 'household' ? now.people : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  return (
    <main class="watching" id="main" tabindex="-1">
      <div class="watching__sign"><Logo /></div>
      <Switch>
        <Match when={state().kind === 'loading'}>
          <h1 class="watching__title" tabindex="-1">Who is watching?</h1>
          <WaitingBulbs large label="The household is coming up" />
        </Match>
        <Match when={problem()}>
          {(problem) => (
            <>
              <Notice level={1} urgent title="Profiles do not answer" requestId={problem().request_id} action={{ label: 'Try again', run: () => void load() }}>
                Your list and where you stopped are safe. Meanwhile every film can be watched without a profile.
              </Notice>
              <button type="button" class="watching__quiet" id="go-without" onClick={() => {
                goWithout()
                go({ kind: 'home' }, 'replace')
              }}>Watch without a profile</button>
            </>
          )}
        </Match>
        <Match when={people()}>
          {(people) => (
            <>
              <h1 class="watching__title" tabindex="-1">{managing() ? 'Whose profile?' : 'Who is watching?'}</h1>
              <ul class="watching__people" data-focus-row="people">
                <For each={people()}>
                  {(person) => (
                    <li>
                      <Show when={managing()} fallback={
                        <button type="button" class="person" id={`person-${person.id}`} onClick={() => void choose(person)}
                          data-focus-first={person.id === me()?.id ? '' : undefined}>
                          <Face person={person} />
                        </button>
                      }>
                        <a class="person person--managed" id={`edit-${person.id}`} href={pathOf({ kind: 'profile', id: person.id })}>
                          <Face person={person} managed />
                        </a>
                      </Show>
                    </li>
                  )}
                </For>
                <Show when={people().length < PROFILES_MAX && !me()?.kids}>
                  <li>
                    <a class="person person--new" id="person-new" href={pathOf({ kind: 'profile', id: NEW })}>
                      <span class="person__face"><PlusIcon /></span><span class="person__name">Add somebody</span>
                    </a>
                  </li>
                </Show>
              </ul>
              <p class="said" role="alert">{said()}</p>
              <Show when={!me()?.kids}>
                <button type="button" class="watching__quiet" id="manage" aria-pressed={managing()} onClick={() => setManaging(!managing())}>
                  {managing() ? 'Done' : 'Change profiles'}
                </button>
              </Show>
            </>
          )}
        </Match>
      </Switch>
      <Show when={asked()}>
        {(person) => <PinDialog person={person()} whose={whosePin(person(), people()?.find((each) => each.id === me()?.id))} close={() => setAsked(undefined)} entered={() => {
          setAsked(undefined)
          goOn()
        }} />}
      </Show>
    </main>
  )
}

function Face(props: { person: Profile; managed?: boolean }) {
  return (
    <>
      <span class="person__face">
        <Avatar name={props.person.avatar} large />
        <Show when={props.managed}><span class="person__pencil"><PencilIcon /></span></Show>
      </span>
      <span class="person__name">
        <Show when={props.managed}><span class="hidden-text">Change </span></Show>
        {props.person.name}
        <Show when={props.person.has_pin && !props.person.kids}><LockIcon /><span class="hidden-text">, with a PIN</span></Show>
      </span>
      <Show when={props.person.kids}><span class="person__kids">Kids</span></Show>
    </>
  )
}
