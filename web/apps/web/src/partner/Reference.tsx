//! The calls of an app, each to try in place with a real key.

import { createSignal, For, Show } from 'solid-js'
import type { Partners, Seen } from '@bijou/api-client/partners.ts'
import { CALLS, curl, shown, type Call } from './calls.ts'

export function Reference(props: { partners: Partners; known: string | undefined }) {
  const [call, setCall] = createSignal<Call>(CALLS[0]!)
  const [typed, setTyped] = createSignal('')
  const [seen, setSeen] = createSignal<Seen | 'nothing'>()
  const key = () => typed() || props.known || ''
  const run = async (event: SubmitEvent) => {
    event.preventDefault()
    setSeen(await props.partners.look(call().path, key()) ?? 'nothing')
  }
  const answer = () => {
    const now = seen()
    return now === 'nothing' ? undefined : now
  }
  return (
    <section class="reference" aria-labelledby="reference">
      <h2 id="reference">Every call, to try</h2>
      <p class="quiet">The whole reference is the document at <a href="/openapi.json">/openapi.json</a>, under <code>/partner/v1</code>.</p>
      <div class="portal__apps" data-focus-row role="group" aria-label="Calls">
        <For each={CALLS}>
          {(each) => (
            <button type="button" class="portal__app" aria-pressed={each === call()} onClick={() => { setCall(each); setSeen(undefined) }}>{each.name}</button>
          )}
        </For>
      </div>
      <p>{call().says}</p>
      <pre class="reference__curl" tabindex="0"><code>{curl(location.origin, call().path)}</code></pre>
      <form class="portal__new" onSubmit={(event) => void run(event)} data-focus-row>
        <label for="try-key">Key</label>
        <input id="try-key" value={typed()} onInput={(event) => setTyped(event.currentTarget.value.trim())}
          placeholder={props.known ? 'the key you just made' : 'bjs_…'} autocomplete="off" spellcheck={false} />
        <button class="button button--main" id="try">Send it</button>
      </form>
      <Show when={seen() === 'nothing'}><p class="refused" role="alert">No answer came: is the gateway there?</p></Show>
      <Show when={answer()}>
        {(now) => (
          <div role="status" aria-label="Answer">
            <p><strong>{now().status}</strong> in {Math.round(now().took_ms)} ms, {now().body.length.toLocaleString('en-GB')} characters</p>
            <dl class="reference__headers"><For each={now().headers}>{([name, value]) => <><dt>{name}</dt><dd>{value}</dd></>}</For></dl>
            <pre class="reference__body" tabindex="0"><code>{shown(now().body)}</code></pre>
          </div>
        )}
      </Show>
    </section>
  )
}
