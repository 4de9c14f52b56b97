//! Webhooks of an app: made, tried, looked at, replayed.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Delivery, Partners, Webhook } from '@bijou/api-client/partners.ts'

const AGAIN_MS = 1500

export function Webhooks(props: { partners: Partners; app: string }) {
  const [hooks, setHooks] = createSignal<Webhook[]>([])
  const [secret, setSecret] = createSignal<string>()
  const [sent, setSent] = createSignal<{ hook: string; items: Delivery[] }>()
  const [said, setSaid] = createSignal('')
  let url!: HTMLInputElement
  const load = async () => {
    const known = await props.partners.webhooks(props.app)
    if (known.ok) setHooks(known.value.items)
  }
  const look = async (hook: string) => {
    const deliveries = await props.partners.deliveries(props.app, hook)
    if (deliveries.ok) setSent({ hook, items: deliveries.value.items })
  }
  onMount(() => void load())
  const again = setInterval(() => {
    const now = sent()
    if (now?.items.some((each) => each.state === 'waiting')) void look(now.hook)
  }, AGAIN_MS)
  onCleanup(() => clearInterval(again))

  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const made = await props.partners.addWebhook(props.app, url.value)
    if (!made.ok) return void setSaid(made.problem.detail ?? made.problem.title)
    setSecret(made.value.secret)
    setSaid('')
    url.value = ''
    await load()
  }
  const test = async (hook: Webhook) => {
    const begun = await props.partners.testWebhook(props.app, hook.id)
    if (!begun.ok) return void setSaid(begun.problem.detail ?? begun.problem.title)
    await look(hook.id)
  }
  const remove = async (hook: Webhook) => {
    await props.partners.removeWebhook(props.app, hook.id)
    if (sent()?.hook === hook.id) setSent(undefined)
    await load()
  }
  const replay = async (hook: string, delivery: Delivery) => {
    await props.partners.replay(props.app, hook, delivery.id)
    await look(hook)
  }
  return (
    <>
      <h3>Webhooks</h3>
      <p class="quiet">Told within a second of every change, signed by Standard Webhooks, tried again for three days.</p>
      <form class="portal__new" onSubmit={(event) => void add(event)} data-focus-row>
        <label for="hook-url">Where to</label>
        <input id="hook-url" ref={url} type="url" required placeholder="https://hooks.example.com/bijou" />
        <button class="button button--small">Add</button>
      </form>
      <p role="alert" class="refused">{said()}</p>
      <Show when={secret()}>
        {(text) => <div class="app__fresh" role="status"><p>Checks signatures; shown this once.</p><code>{text()}</code></div>}
      </Show>
      <ul class="hooks">
        <For each={hooks()}>
          {(hook) => (
            <li data-focus-row>
              <code>{hook.url}</code>
              <Show when={hook.disabled_at}><span class="refused">stopped: every try failed</span></Show>
              <Show when={hook.silent_since && !hook.disabled_at}>
                <span class="refused">does not answer: everything for it waits, one is tried now and then</span>
              </Show>
              <button type="button" class="button button--small" onClick={() => void test(hook)}>Test</button>
              <button type="button" class="button button--small button--quiet" onClick={() => void look(hook.id)}>What was sent</button>
              <button type="button" class="button button--small button--quiet" onClick={() => void remove(hook)}>Remove</button>
            </li>
          )}
        </For>
      </ul>
      <Show when={sent()} keyed>
        {(now) => (
          <table>
            <thead><tr><th scope="col">Event</th><th scope="col">State</th><th scope="col">Tries</th><th scope="col">Last answer</th><th scope="col"><span class="unseen">What can be done</span></th></tr></thead>
            <tbody>
              <For each={now.items} fallback={<tr><td colspan={5} class="quiet">Nothing was sent yet. A test sends a ping.</td></tr>}>
                {(delivery) => (
                  <tr>
                    <td>{delivery.type}</td><td>{delivery.state}</td><td>{delivery.tries}</td><td>{delivery.outcome ?? '…'}</td>
                    <td><button type="button" class="button button--small" onClick={() => void replay(now.hook, delivery)} aria-label={`Replay ${delivery.type}`}>Replay</button></td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </Show>
    </>
  )
}
