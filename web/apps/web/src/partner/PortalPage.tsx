//! For developers of televisions, launchers and sites: apps, keys, what they ask, and every call to try in place.

import { createEffect, createSignal, For, on, Show } from 'solid-js'
import { Partners, type PartnerApp } from '@bijou/api-client/partners.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { bijou, member } from '../platform.ts'
import { AppPanel } from './AppPanel.tsx'
import { Reference } from './Reference.tsx'
import './PortalPage.css'

type State =
  | { kind: 'loading' }
  | { kind: 'apps'; apps: PartnerApp[] }
  | { kind: 'problem'; problem: Problem }

export function PortalPage() {
  const partners = new Partners(bijou.transport)
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [said, setSaid] = createSignal('')
  const [chosen, setChosen] = createSignal<string>()
  // Kept on this page only: it is shown once, and tried here.
  const [keys, setKeys] = createSignal<Record<string, string>>({})
  let name!: HTMLInputElement

  const load = async () => {
    const apps = await partners.apps()
    if (!apps.ok) return void setState({ kind: 'problem', problem: apps.problem })
    setState({ kind: 'apps', apps: apps.value.items })
    if (!apps.value.items.some((app) => app.id === chosen())) setChosen(apps.value.items[0]?.id)
  }
  createEffect(on(() => member().kind, (kind) => void (kind === 'signed-in' && load())))

  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const made = await partners.addApp(name.value)
    if (!made.ok) return void setSaid(made.problem.detail ?? made.problem.title)
    setKeys({ ...keys(), [made.value.app.id]: made.value.key.text })
    setSaid(`${made.value.app.name} is there, with a key that works at once.`)
    name.value = ''
    setChosen(made.value.app.id)
    await load()
  }
  const apps = () => {
    const now = state()
    return now.kind === 'apps' ? now.apps : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  const app = () => apps()?.find((each) => each.id === chosen())
  return (
    <Show when={!problem()} fallback={
      <Notice level={1} urgent title="The portal cannot be shown" requestId={problem()?.request_id} action={{ label: 'Try again', run: () => void load() }}>
        {problem()?.detail ?? 'Partners does not answer. Apps with keys go on reading as soon as it does.'}
      </Notice>
    }>
      <div class="page portal">
        <h1 tabindex="-1">Partners</h1>
        <p class="quiet">Show this catalog on your television, console or site, and open our films from there.</p>
        <form class="portal__new" onSubmit={(event) => void add(event)} data-focus-row>
          <label for="app-name">A new app</label>
          <input id="app-name" ref={name} required maxlength={80} placeholder="Lantern TV" autocomplete="off" />
          <button class="button button--main" id="app-add">Make it</button>
        </form>
        <p role="status" class="portal__said">{said()}</p>
        <Show when={apps()} fallback={<Lines count={3} />}>
          {(all) => (
            <Show when={all().length > 0} fallback={<p class="quiet">No app yet. The first one gets a sandbox key in the same second.</p>}>
              <div class="portal__apps" data-focus-row role="group" aria-label="Your apps">
                <For each={all()}>
                  {(each) => (
                    <button type="button" class="portal__app" aria-pressed={each.id === chosen()} onClick={() => setChosen(each.id)}>
                      <strong>{each.name}</strong> <span class="faint">{each.stage}</span>
                    </button>
                  )}
                </For>
              </div>
            </Show>
          )}
        </Show>
        <Show when={app()} keyed>
          {(now) => (
            <AppPanel partners={partners} app={now} fresh={keys()[now.id]} changed={() => void load()}
              made={(text) => setKeys({ ...keys(), [now.id]: text })} />
          )}
        </Show>
        <Reference partners={partners} known={app() && keys()[app()!.id]} />
      </div>
    </Show>
  )
}
