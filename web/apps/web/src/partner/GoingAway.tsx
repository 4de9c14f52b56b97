//! What is going away of the partners' API, and how often this app still calls it. Nothing is shown while nothing goes.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { Deprecations, Partners } from '@bijou/api-client/partners.ts'

const number = new Intl.NumberFormat('en-GB')
const day = (text: string) => new Date(text).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

export function GoingAway(props: { partners: Partners; app: string }) {
  const [items, setItems] = createSignal<Deprecations['items']>([])
  onMount(async () => {
    const known = await props.partners.deprecations(props.app)
    if (known.ok) setItems(known.value.items)
  })
  return (
    <Show when={items().length > 0}>
      <h3>Going away</h3>
      <p class="quiet">Announced by <code>Deprecation</code> and <code>Sunset</code> on every answer. Calls of the last thirty days, a few seconds late.</p>
      <table id="going-away">
        <thead><tr><th scope="col">Call</th><th scope="col">Since</th><th scope="col">Answers until</th><th scope="col">This app called it</th><th scope="col">Instead</th></tr></thead>
        <tbody>
          <For each={items()}>
            {(item) => (
              <tr classList={{ 'app__still': item.calls > 0 }}>
                <td><code>{item.method} {item.path}</code></td><td>{day(item.since)}</td><td>{day(item.sunset)}</td>
                <td>{item.calls === 0 ? 'never' : `${number.format(item.calls)} times, last on ${day(item.apps[0]?.days[0]?.day ?? item.since)}`}</td>
                <td><a href={item.link}>Read on</a></td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  )
}
