//! Where the time went: one line per span, indented by who called whom. A line opens to its attributes and events.

import { For, Show } from 'solid-js'
import type { Span, Story } from '@bijou/api-client/console.ts'
import { MARKS, ms } from '../words.ts'
import { stretch, ticksOf } from './axis.ts'

export function Waterfall(props: { story: Story }) {
  // A span may end after its parent (a body still streaming): the axis holds them all.
  const total = () => Math.max(props.story.duration_ms, ...props.story.spans.map((span) => span.start_ms + span.duration_ms))
  return (
    <section class="panel waterfall" aria-labelledby="waterfall">
      <div class="panel__head"><h2 id="waterfall">Timeline</h2><p class="faint">Open a line for its attributes and events.</p></div>
      <div class="waterfall__axis" aria-hidden="true">
        <span /><span class="waterfall__ticks"><For each={ticksOf(total())}>{(tick) => <i style={{ left: `${(tick / total()) * 100}%` }}>{tick} ms</i>}</For></span><span />
      </div>
      <ul>
        <For each={props.story.spans}>{(span) => <li><Line span={span} total={total()} /></li>}</For>
      </ul>
    </section>
  )
}

function Line(props: { span: Span; total: number }) {
  const place = () => stretch(props.span.start_ms, props.span.duration_ms, props.total)
  const failed = () => props.span.outcome === 'failed'
  return (
    <details class="span">
      <summary>
        <span class="span__name" style={{ 'padding-left': `${props.span.depth * 1.1}rem` }}>
          <b>{props.span.role}</b> <span class="quiet">{props.span.name}</span>
        </span>
        <span class="span__track">
          <i class="span__bar" classList={{ 'span__bar--call': props.span.kind === 'client', 'span__bar--inside': props.span.kind === 'internal', 'span__bar--failed': failed() }}
            style={{ left: `${place().left}%`, width: `${place().width}%` }} />
          <For each={props.span.events}>{(event) => <i class="span__event" style={{ left: `${stretch(event.at_ms, 0, props.total).left}%` }} title={`${event.name} at ${ms(event.at_ms)}`} />}</For>
        </span>
        <span class="span__took">{ms(props.span.duration_ms)}<Show when={props.span.outcome !== 'ok'}><span class={`mark-outcome mark-outcome--${props.span.outcome}`}> {MARKS[props.span.outcome]}</span></Show></span>
      </summary>
      <div class="span__more">
        <dl>
          <div><dt>from</dt><dd>{ms(props.span.start_ms)}</dd></div>
          <div><dt>kind</dt><dd>{props.span.kind}</dd></div>
          <Show when={props.span.instance_id}>{(id) => <div><dt>instance</dt><dd>{id()}</dd></div>}</Show>
          <Show when={props.span.status}>{(status) => <div><dt>status</dt><dd>{status()}</dd></div>}</Show>
          <Show when={props.span.message}>{(message) => <div><dt>message</dt><dd>{message()}</dd></div>}</Show>
          <For each={Object.entries(props.span.attributes)}>{([name, value]) => <div><dt>{name}</dt><dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd></div>}</For>
        </dl>
        <Show when={props.span.events.length > 0}>
          <ol class="span__events">
            <For each={props.span.events}>
              {(event) => (
                <li><span class="number">{ms(event.at_ms)}</span> <b>{event.name}</b> <span class="faint">{Object.entries(event.attributes).map(([name, value]) => `${name}=${String(value)}`).join('  ')}</span></li>
              )}
            </For>
          </ol>
        </Show>
      </div>
    </details>
  )
}
