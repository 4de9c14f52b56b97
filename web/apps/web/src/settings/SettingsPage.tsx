//! The settings of the person who watches. Each is kept as soon as it is changed.

import { createEffect, createSignal, on, Show } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Preferences } from '@bijou/api-client/types.ts'
import { Avatar } from '@bijou/ui/Avatar.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { Switch } from '@bijou/ui/Switch.tsx'
import { pathOf } from '../places.ts'
import { bijou, know, me, member } from '../platform.ts'
import { languages, refusedProfile } from '../profiles/state.ts'
import { CaptionSettings } from './CaptionSettings.tsx'
import { Choose } from './Choose.tsx'
import { changePreferences, loadPreferences, preferences } from './preferences.ts'
import { Protection } from './Protection.tsx'
import { YourData } from './YourData.tsx'
import './SettingsPage.css'

export function SettingsPage() {
  const [problem, setProblem] = createSignal<Problem>()
  const [ready, setReady] = createSignal(false)
  const [said, setSaid] = createSignal('')
  const load = async () => {
    setProblem(undefined)
    const answer = await loadPreferences()
    if (answer.ok) setReady(true)
    else setProblem(answer.problem)
  }
  createEffect(on([() => member().kind, () => me()?.id], ([kind]) => void (kind === 'signed-in' && load())))

  const change = async (change: Partial<Preferences>) => {
    const answer = await changePreferences((before) => ({ ...before, ...change }))
    setSaid(answer.ok ? 'Kept' : refusedProfile(answer.problem))
  }
  /** A language, or none of these. */
  const wish = async (key: 'audio_language' | 'caption_language', tag: string) => {
    const answer = await changePreferences(({ [key]: _, ...rest }) => ({ ...rest, ...(tag && { [key]: tag }) }))
    setSaid(answer.ok ? 'Kept' : refusedProfile(answer.problem))
  }
  const speak = async (tag: string) => {
    const id = me()?.id
    if (!id) return
    const answer = await bijou.mine.changeProfile(id, { language: tag })
    if (answer.ok) know(answer.value)
    setSaid(answer.ok ? 'Kept' : refusedProfile(answer.problem))
  }
  return (
    <Show when={me()} fallback={
      <Notice level={1} title="Nobody is watching" action={{ label: 'Who is watching?', href: '/profiles' }}>
        Settings belong to a profile. Choose one, or look at <a href="/account">the account and its devices</a>.
      </Notice>
    }>
      {(me) => (
        <Show when={!me().kids} fallback={
          <Notice level={1} title="Settings are for grown-ups" action={{ label: 'Switch profile', href: '/profiles' }}>
            Somebody else of the household can change how this profile works.
          </Notice>
        }>
          <Show when={!problem()} fallback={
            <Notice level={1} urgent title="Your settings cannot be shown" requestId={problem()?.request_id} action={{ label: 'Try again', run: () => void load() }}>
              They are kept safe, and films play with the usual ones meanwhile.
            </Notice>
          }>
            <div class="page settings">
              <div class="settings__head">
                <div class="settings__face"><Avatar name={me().avatar} large /></div>
                <div>
                  <h1 tabindex="-1">Settings</h1>
                  <p class="quiet">For {me().name}. <a href={pathOf({ kind: 'profile', id: me().id })} id="to-profile">Name and face</a> · <a href="/account" id="to-devices">Account and devices</a></p>
                </div>
              </div>
              <p class="said settings__said" role="status">{said()}</p>
              <Show when={ready()} fallback={<Lines count={8} />}>
                <section class="settings__part" aria-labelledby="s-watching">
                  <h2 id="s-watching">Watching</h2>
                  <Switch id="autoplay" label="Play the next episode by itself" hint="After the credits, unless you say no within a few seconds."
                    on={preferences().autoplay} change={(on) => void change({ autoplay: on })} />
                  <div class="settings__pair">
                    <Choose id="audio-language" label="Sound" choices={languages('As the film was made', preferences().audio_language)}
                      value={preferences().audio_language ?? ''} change={(tag) => void wish('audio_language', tag)} />
                    <Choose id="caption-language" label="Captions" choices={languages('No captions', preferences().caption_language)}
                      value={preferences().caption_language ?? ''} change={(tag) => void wish('caption_language', tag)} />
                    <Choose id="language" label="Language of titles" choices={languages(undefined, me().language)}
                      value={me().language} change={(tag) => void speak(tag)} />
                  </div>
                </section>
                <section class="settings__part" aria-labelledby="s-captions">
                  <h2 id="s-captions">Captions</h2>
                  <CaptionSettings style={preferences().captions} change={(captions) => void change({ captions })} />
                </section>
                <section class="settings__part" aria-labelledby="s-protection">
                  <h2 id="s-protection">Protection</h2>
                  <Protection />
                </section>
                <section class="settings__part" aria-labelledby="s-data">
                  <h2 id="s-data">Your data</h2>
                  <YourData />
                </section>
              </Show>
            </div>
          </Show>
        </Show>
      )}
    </Show>
  )
}
