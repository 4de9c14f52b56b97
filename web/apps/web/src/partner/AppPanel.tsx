//! One app: its keys, how much it asks, its webhooks, and the way to production.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { PartnerApp, PartnerKey, Partners, PartnerUsage } from '@bijou/api-client/partners.ts'
import { GoingAway } from './GoingAway.tsx'
import { Webhooks } from './Webhooks.tsx'

export interface AppPanelProps {
  partners: Partners
  app: PartnerApp
  /** A key that was just made: shown once. */
  fresh: string | undefined
  made: (text: string) => void
  changed: () => void
}

const number = new Intl.NumberFormat('en-GB')
const day = (text: string) => new Date(text).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })

export function AppPanel(props: AppPanelProps) {
  const [keys, setKeys] = createSignal<PartnerKey[]>([])
  const [usage, setUsage] = createSignal<PartnerUsage>()
  const [said, setSaid] = createSignal('')
  const load = async () => {
    const [known, used] = await Promise.all([props.partners.keys(props.app.id), props.partners.usage(props.app.id)])
    if (known.ok) setKeys(known.value.items)
    if (used.ok) setUsage(used.value)
  }
  onMount(() => void load())

  const exchange = async (key: PartnerKey) => {
    const made = await props.partners.addKey(props.app.id, { environment: key.environment, replaces: key.id, overlap_s: 86_400 })
    if (!made.ok) return void setSaid(made.problem.detail ?? made.problem.title)
    props.made(made.value.text)
    setSaid(`${key.hint}… goes on working for a day.`)
    await load()
  }
  const end = async (key: PartnerKey) => {
    const ended = await props.partners.endKey(props.app.id, key.id)
    setSaid(ended.ok ? `${key.hint}… works no more.` : ended.problem.detail ?? ended.problem.title)
    await load()
  }
  const add = async (environment: 'production' | 'client') => {
    const made = await props.partners.addKey(props.app.id, { environment })
    if (!made.ok) return void setSaid(made.problem.detail ?? made.problem.title)
    props.made(made.value.text)
    await load()
  }
  const ask = async () => {
    const asked = await props.partners.askForProduction(props.app.id)
    if (!asked.ok) return void setSaid(asked.problem.detail ?? asked.problem.title)
    props.changed()
  }
  const most = () => Math.max(1, ...(usage()?.items.map((each) => each.calls + each.refused) ?? []))
  return (
    <section class="app" aria-labelledby="app-title">
      <h2 id="app-title">{props.app.name}</h2>
      <p class="quiet">{number.format(props.app.per_minute)} calls a minute, {number.format(props.app.per_day)} a day. <code>{props.app.id}</code></p>
      <p class="quiet">
        An app on a device signs viewers in by a code with that id as its <code>client_id</code> (<code>POST /oauth/device_authorization</code>){' '}
        and plays by the public API: {props.app.stage === 'production' ? 'every viewer.' : 'you alone, until production lets it in for every viewer.'}
      </p>
      <Show when={props.fresh}>
        {(text) => (
          <div class="app__fresh" role="status">
            <p>Your key. It is shown this once; keep it where your app reads it.</p>
            <div class="app__key" data-focus-row>
              <code id="fresh-key">{text()}</code>
              <button type="button" class="button button--small" onClick={() => void navigator.clipboard?.writeText(text()).then(() => setSaid('Copied.'))}>Copy</button>
            </div>
          </div>
        )}
      </Show>
      <p role="status" class="portal__said">{said()}</p>
      <h3>Keys</h3>
      <table>
        <thead><tr><th scope="col">Key</th><th scope="col">For</th><th scope="col">Since</th><th scope="col">Until</th><th scope="col"><span class="unseen">What can be done</span></th></tr></thead>
        <tbody>
          <For each={keys()} fallback={<tr><td colspan={5} class="quiet">No key works. Make one to go on.</td></tr>}>
            {(key) => (
              <tr>
                <td><code>{key.hint}…</code></td><td>{key.environment}</td><td>{day(key.created_at)}</td>
                <td>{key.expires_at ? day(key.expires_at) : 'revoked'}</td>
                <td class="app__do" data-focus-row>
                  <button type="button" class="button button--small" onClick={() => void exchange(key)} aria-label={`Exchange ${key.hint}`}>Exchange</button>
                  <button type="button" class="button button--small button--quiet" onClick={() => void end(key)} aria-label={`Revoke ${key.hint}`}>Revoke</button>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <div class="ways" data-focus-row>
        <Show when={props.app.stage === 'production'}>
          <button type="button" class="button button--small" onClick={() => void add('production')}>Make a production key</button>
          <button type="button" class="button button--small" onClick={() => void add('client')}>Make a client secret</button>
        </Show>
        <Show when={props.app.stage === 'requested'}><p role="status">Production is asked for. An operator will look at it.</p></Show>
        <Show when={props.app.reason}>
          {(reason) => <p class="app__reason" role="note">{props.app.stage === 'suspended' ? 'An operator stopped this app' : 'An operator refused production'}: “{reason()}”</p>}
        </Show>
        <Show when={props.app.stage === 'sandbox'}>
          <button type="button" class="button button--small" id="ask-production" onClick={() => void ask()}>Ask for production</button>
        </Show>
      </div>
      <h3>Calls</h3>
      <Show when={usage()?.items.length} fallback={<p class="quiet">None yet. The first one shows here within a few seconds.</p>}>
        <ol class="app__days" aria-label="Calls by day, the newest first">
          <For each={usage()?.items}>
            {(each) => (
              <li>
                <span>{day(each.day)}</span>
                <span class="app__bar" style={{ width: `${Math.max(1, (each.calls + each.refused) / most() * 100)}%` }} aria-hidden="true" />
                <span>{number.format(each.calls)} answered{each.refused > 0 ? `, ${number.format(each.refused)} refused` : ''}</span>
              </li>
            )}
          </For>
        </ol>
      </Show>
      <GoingAway partners={props.partners} app={props.app.id} />
      <Webhooks partners={props.partners} app={props.app.id} />
    </section>
  )
}
