//! One profile: made, changed or deleted. What a child may see is decided by the platform; this only asks for it.

import { createEffect, createSignal, For, on, Show } from 'solid-js'
import { AVATARS, type AvatarName, type Erasure, type Profile } from '@bijou/api-client/types.ts'
import { Avatar, avatarWord } from '@bijou/ui/Avatar.tsx'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { Switch } from '@bijou/ui/Switch.tsx'
import { Frame } from '../Frame.tsx'
import { NEW } from '../places.ts'
import { become, bijou, know, me, member } from '../platform.ts'
import { go, goBack } from '../router.ts'
import { Choose } from '../settings/Choose.tsx'
import { Erasing } from './Erasing.tsx'
import { CEILINGS, changed, KIDS_MAX, KIDS_USUAL, languages, refusedProfile } from './state.ts'
import './ProfilePage.css'

type State = { kind: 'loading' } | { kind: 'form'; profile: Profile | undefined; others: Profile[] } | { kind: 'missing' } | { kind: 'away'; requestId?: string | undefined }

export function ProfilePage(props: { id: string }) {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const load = async () => {
    setState({ kind: 'loading' })
    const all = await bijou.mine.profiles()
    if (!all.ok) return void setState({ kind: 'away', requestId: all.problem.request_id })
    const profile = all.value.items.find((each) => each.id === props.id)
    const others = all.value.items.filter((each) => each !== profile)
    setState(profile || props.id === NEW ? { kind: 'form', profile, others } : { kind: 'missing' })
  }
  createEffect(on(() => member().kind, (kind) => void ((kind === 'choosing' || kind === 'signed-in') && load())))
  const form = () => {
    const now = state()
    return now.kind === 'form' ? now : undefined
  }
  return (
    <Frame title={props.id === NEW ? 'Add somebody' : 'Profile'}>
      <Show when={state().kind !== 'away'} fallback={
        <Notice level={1} urgent title="Profiles do not answer" action={{ label: 'Try again', run: () => void load() }}>
          Nothing was changed or lost, and films play as always.
        </Notice>
      }>
        <Show when={state().kind !== 'missing'} fallback={
          <Notice level={1} title="Nobody by that name" action={{ label: 'Who is watching?', href: '/profiles' }}>
            This profile is not of your household, or was deleted.
          </Notice>
        }>
          <Show when={form()} fallback={<div class="page profile" aria-busy="true"><h1 class="hidden-text">The profile is coming up</h1><Lines count={5} /></div>}>
            {(form) => <Form profile={form().profile} others={form().others} />}
          </Show>
        </Show>
      </Show>
    </Frame>
  )
}

function Form(props: { profile: Profile | undefined; others: Profile[] }) {
  // Somebody new gets a face nobody has yet.
  const free = AVATARS.find((each) => props.others.every((other) => other.avatar !== each)) ?? 'bulb'
  const [name, setName] = createSignal(props.profile?.name ?? '')
  const [avatar, setAvatar] = createSignal<AvatarName>(props.profile?.avatar ?? free)
  const [kids, setKids] = createSignal(props.profile?.kids ?? false)
  const [ceiling, setCeiling] = createSignal(props.profile ? props.profile.maturity : undefined)
  const [tongue, setTongue] = createSignal(props.profile?.language ?? me()?.language ?? 'en')
  const [said, setSaid] = createSignal('')
  const [asking, setAsking] = createSignal(false)
  const [deleting, setDeleting] = createSignal(false)
  const [erasing, setErasing] = createSignal<Erasure>()
  /** A child's profile always has one. */
  const limit = () => (kids() ? Math.min(ceiling() ?? KIDS_USUAL, KIDS_MAX) : ceiling())
  const away = () => goBack({ kind: 'profiles' })

  const keep = async (event: SubmitEvent) => {
    event.preventDefault()
    if (asking()) return
    setAsking(true)
    const now = { name: name().trim(), avatar: avatar(), kids: kids(), language: tongue(), maturity: limit() }
    const { maturity, ...wanted } = now
    const answer = props.profile
      ? await bijou.mine.changeProfile(props.profile.id, changed(props.profile, now))
      : await bijou.mine.addProfile({ ...wanted, ...(maturity !== undefined && { maturity }) })
    setAsking(false)
    if (!answer.ok) return void setSaid(refusedProfile(answer.problem))
    if (props.profile) {
      if (props.profile.id === me()?.id) know(answer.value)
      return away()
    }
    // Somebody new sits down at once, and says what they like.
    if ((await become(answer.value)).ok) go({ kind: answer.value.kids ? 'home' : 'picks' }, 'replace')
    else go({ kind: 'profiles' }, 'replace')
  }
  const remove = async () => {
    const profile = props.profile
    if (!profile) return
    const answer = await bijou.mine.deleteProfile(profile.id)
    setDeleting(false)
    if (!answer.ok) return void setSaid(refusedProfile(answer.problem))
    if (profile.id === me()?.id) {
      know(undefined)
      await bijou.mine.become(undefined)
    }
    setErasing(answer.value)
  }
  return (
    <form class="page profile" onSubmit={(event) => void keep(event)}>
      <h1 tabindex="-1">{props.profile ? props.profile.name : 'Add somebody'}</h1>
      <div class="profile__line">
        <div class="profile__face"><Avatar name={avatar()} large /></div>
        <div class="field profile__name">
          <label for="profile-name">Name</label>
          <div class="field__box">
            <input id="profile-name" name="name" value={name()} maxlength="40" required autocomplete="off"
              onInput={(event) => setName(event.currentTarget.value)} />
          </div>
        </div>
      </div>
      <fieldset class="profile__faces">
        <legend>Face</legend>
        <div class="profile__grid">
          <For each={AVATARS}>
            {(each) => (
              <label class="choice-face">
                <input type="radio" name="avatar" value={each} checked={avatar() === each} onChange={() => setAvatar(each)} aria-label={avatarWord(each)} />
                <Avatar name={each} large />
              </label>
            )}
          </For>
        </div>
      </fieldset>
      <Switch id="profile-kids" label="For a child" hint="A simpler house: only what children may see, nothing else is even named." on={kids()} change={setKids} />
      <div class="profile__pair">
        <Choose id="profile-ceiling" label="Shows films" value={String(limit() ?? '')}
          choices={CEILINGS.filter((each) => !kids() || (each.age !== undefined && each.age <= KIDS_MAX)).map((each) => ({ value: String(each.age ?? ''), words: each.words }))}
          change={(value) => setCeiling(value === '' ? undefined : Number(value))} />
        <Choose id="profile-language" label="Language of titles" value={tongue()} choices={languages(undefined, tongue())} change={setTongue} />
      </div>
      <p class="refused" role="alert">{said()}</p>
      <div class="ways" data-focus-row>
        <button type="submit" class="button button--main" id="profile-keep" disabled={asking()}>{props.profile ? 'Keep' : 'Come in'}</button>
        <button type="button" class="button" id="profile-cancel" onClick={away}>Never mind</button>
        <Show when={props.profile && props.others.length > 0}>
          <button type="button" class="button button--quiet" id="profile-delete" onClick={() => setDeleting(true)}>Delete this profile</button>
        </Show>
      </div>
      <Show when={deleting()}>
        <Dialog labelledby="delete-title" close={() => setDeleting(false)} plain>
          <h2 id="delete-title">Delete {props.profile?.name}?</h2>
          <p>What was watched, the list and the thumbs go with it, everywhere, for good. The other profiles stay as they are.</p>
          <div class="ways" data-focus-row>
            <button type="button" class="button" id="delete-no" onClick={() => setDeleting(false)}>Keep it</button>
            <button type="button" class="button button--danger" id="delete-yes" onClick={() => void remove()}>Delete for good</button>
          </div>
        </Dialog>
      </Show>
      <Show when={erasing()}>
        {(begun) => <Erasing name={props.profile?.name ?? ''} begun={begun()} close={() => go({ kind: 'profiles' }, 'replace')} />}
      </Show>
    </form>
  )
}
