//! One request, told across every service it touched: what it asked, how it found its way, where the time went, what was said.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { LogLine, Story } from '@bijou/api-client/console.ts'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { console_, noticing } from '../operator.ts'
import { Mark } from '../Requests.tsx'
import { ms, time } from '../words.ts'
import { said } from './said.ts'
import { Waterfall } from './Waterfall.tsx'
import './StoryPage.css'

type State = { kind: 'loading' } | { kind: 'story'; story: Story } | { kind: 'problem'; problem: Problem }

export function StoryPage(props: { id: string }) {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const load = async () => {
    const answer = noticing(await console_.story(props.id))
    if (answer.ok) setState({ kind: 'story', story: answer.value })
    else if (state().kind !== 'story') setState({ kind: 'problem', problem: answer.problem })
  }
  onMount(() => {
    void load()
    // Spans are delivered a moment after the answer; a young story is read once more.
    const again = setTimeout(() => void load(), 1500)
    onCleanup(() => clearTimeout(again))
  })
  const story = () => {
    const now = state()
    return now.kind === 'story' ? now.story : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  return (
    <main class="story">
      <p><a class="story__back" href="#/">Overview</a></p>
      <Show when={!problem()} fallback={
        <Notice level={1} urgent title={problem()?.status === 404 ? 'This story is forgotten' : 'The story did not come'}
          action={problem()?.status === 404 ? { label: 'To the overview', href: '#/' } : { label: 'Try again', run: () => void load() }}>
          {problem()?.status === 404
            ? 'The console keeps a bounded memory and has moved on. Newer requests are in the overview.'
            : 'The console does not answer. The platform itself goes on without it.'}
        </Notice>
      }>
        <Show when={story()} fallback={<div class="story__wait"><h1 class="hidden-text">The story is coming up</h1><WaitingBulbs large label="The story is coming up" /></div>}>
          {(story) => <Told story={story()} />}
        </Show>
      </Show>
    </main>
  )
}

function Told(props: { story: Story }) {
  const services = () => new Set(props.story.spans.map((span) => span.role)).size
  return (
    <>
      <header class="story__head">
        <h1 class="mono">{props.story.method} {props.story.path ?? props.story.route}</h1>
        <dl class="facts">
          <div><dt>Outcome</dt><dd><Mark traced={props.story} /></dd></div>
          <div><dt>Took</dt><dd>{ms(props.story.duration_ms)}</dd></div>
          <div><dt>Began</dt><dd>{time(props.story.started_at)}</dd></div>
          <div><dt>Roles</dt><dd>{services()}</dd></div>
          <Show when={props.story.route}>{(route) => <div><dt>Route</dt><dd class="mono">{route()}</dd></div>}</Show>
          <Show when={props.story.request_id}>{(id) => <div><dt>Request id</dt><dd class="mono">{id()}</dd></div>}</Show>
          <div><dt>Trace id</dt><dd class="mono">{props.story.id}</dd></div>
        </dl>
        <Show when={props.story.message}>{(message) => <p class="story__message">{message()}</p>}</Show>
      </header>
      <Waterfall story={props.story} />
      <Ways story={props.story} />
      <Lines lines={props.story.log_lines} />
    </>
  )
}

/** Which instances there were to choose from, which was chosen, and how each attempt went. */
function Ways(props: { story: Story }) {
  return (
    <section class="panel" aria-labelledby="ways">
      <div class="panel__head"><h2 id="ways">Choices and attempts</h2></div>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of choices and attempts">
        <table class="table table--lines">
          <thead><tr><th scope="col" class="number">At</th><th scope="col">What</th><th scope="col">Instance</th><th scope="col">How it went</th></tr></thead>
          <tbody>
            <For each={stepsOf(props.story)} fallback={<tr><td colspan="4">It was answered where it came in: no other service was asked.</td></tr>}>
              {(step) => <tr><td class="number">{ms(step.at_ms)}</td><td>{step.what}</td><td class="mono">{step.instance}</td><td>{step.result}</td></tr>}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  )
}

function stepsOf(story: Story): { at_ms: number; what: string; instance: string; result: string }[] {
  const looked = story.choices.map((choice) => ({
    at_ms: choice.at_ms, what: `${choice.by} looks up ${choice.to}`, instance: choice.chosen ?? 'nobody',
    result: choice.candidates === undefined ? '' : choice.candidates === 1 ? 'the only one' : `chosen of ${choice.candidates}`,
  }))
  const tried = story.attempts.map((attempt) => ({
    at_ms: attempt.start_ms, what: `${attempt.from} calls ${attempt.to}, attempt ${attempt.number}`,
    instance: [attempt.instance_id, attempt.addr].filter(Boolean).join(' '),
    result: `${attempt.status ?? 'no answer'} after ${ms(attempt.duration_ms)}${attempt.message ? `: ${attempt.message}` : ''}`,
  }))
  return [...looked, ...tried].sort((a, b) => a.at_ms - b.at_ms)
}

function Lines(props: { lines: LogLine[] }) {
  return (
    <section class="panel" aria-labelledby="log-lines">
      <div class="panel__head"><h2 id="log-lines">Log lines</h2></div>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of log lines">
        <table class="table table--lines">
          <thead><tr><th scope="col" class="number">At</th><th scope="col">Level</th><th scope="col">Role</th><th scope="col">Message</th></tr></thead>
          <tbody>
            <For each={props.lines} fallback={<tr><td colspan="4">Nothing was said about this request.</td></tr>}>
              {(line) => (
                <tr>
                  <td class="number">{ms(line.at_ms)}</td>
                  <td class={`level level--${line.level}`}>{line.level}</td>
                  <td>{line.role}</td>
                  <td class="mono">{line.message}<Show when={said(line.attributes)}>{(fields) => <span class="under">{fields()}</span>}</Show></td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  )
}
