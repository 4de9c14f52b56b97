//! What came back: status, time, size, fields, body. As text, whatever it is.

import { For, Show } from 'solid-js'
import type { Seen } from './call.ts'
import { shown, size } from './shown.ts'

export function AnswerView(props: { seen: Seen }) {
  const mark = () => (props.seen.status >= 500 ? '✕ ' : props.seen.status >= 400 ? '▲ ' : '● ')
  return (
    <div class="answer" role="status" aria-label="Answer">
      <p class="answer__head">
        <span class="answer__status" classList={{ 'answer__status--bad': props.seen.status >= 400 }}><span aria-hidden="true">{mark()}</span><strong>{props.seen.status}</strong></span>
        <span>{Math.round(props.seen.took_ms)} ms</span>
        <span>{size(props.seen.bytes)}{props.seen.is_cut ? ' shown, there is more' : ''}</span>
        <Show when={props.seen.request_id}>
          {(id) => <span>Request <Show when={props.seen.story} fallback={<code>{id()}</code>}>{(story) => <a href={story()}><code>{id()}</code></a>}</Show></span>}
        </Show>
      </p>
      <details class="answer__fields"><summary>{props.seen.fields.length} fields</summary>
        <dl><For each={props.seen.fields}>{([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>}</For></dl>
      </details>
      <Show when={props.seen.is_text} fallback={<p class="faint">The body is no text; it is not shown.</p>}>
        <Show when={props.seen.body !== ''} fallback={<p class="faint">Without a body.</p>}>
          <pre class="answer__body" tabindex="0" role="region" aria-label="Body of the answer"><code>{shown(props.seen.body)}</code></pre>
        </Show>
      </Show>
    </div>
  )
}
