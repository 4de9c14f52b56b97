//! One request, told across every service it touched: what it asked, how it found its way, where the time went, what was said.

import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { LogLine, Story } from '@bijou/api-client/console.ts'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { console_, noticing } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { Json } from '../parts/Json.tsx'
import { KeyValues, type Fact } from '../parts/KeyValues.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { Mark } from '../requests/RequestTable.tsx'
import { ms, time } from '../words.ts'
import { returned, type Returned } from './problem.ts'
import { said } from './said.ts'
import { Waterfall } from './Waterfall.tsx'
import './StoryPage.css'

type State = { kind: 'loading' } | { kind: 'story'; story: Story } | { kind: 'problem'; problem: Problem }

export default function StoryPage(props: PageProps<'story'>) {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const load = async () => {
    const answer = noticing(await console_.story(props.to.id))
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
    <div class="page story">
      <p><a class="back" href={fragmentOf({ kind: 'requests' })}>Requests</a></p>
      <Show when={problem()}>
        {(problem) => <ProblemNote level={1} what={problem().status === 404 ? 'This story is forgotten' : 'The story did not come'} problem={problem()} again={() => void load()} />}
      </Show>
      <Show when={!problem()}>
        <Show when={story()} fallback={<div class="shell__wait"><h1 class="hidden-text">The story is coming up</h1><WaitingBulbs large label="The story is coming up" /></div>}>
          {(story) => <Told story={story()} />}
        </Show>
      </Show>
    </div>
  )
}

function Told(props: { story: Story }) {
  const facts = (): (Fact | undefined)[] => {
    const { story } = props
    return [
      { name: 'Outcome', value: <Mark traced={story} /> },
      { name: 'Took', value: ms(story.duration_ms) },
      { name: 'Began', value: time(story.started_at) },
      { name: 'Roles', value: new Set(story.spans.map((span) => span.role)).size },
      story.route === undefined ? undefined : { name: 'Route', value: story.route, mono: true },
      story.request_id === undefined ? undefined : { name: 'Request id', value: story.request_id, mono: true },
      { name: 'Trace id', value: story.id, mono: true },
    ]
  }
  const problem = createMemo(() => returned(props.story))
  return (
    <>
      <header class="story__head">
        <h1 class="mono">{props.story.method} {props.story.path ?? props.story.route}</h1>
        <KeyValues facts={facts()} />
        <Show when={props.story.message}>{(message) => <p class="story__message">{message()}</p>}</Show>
        <Show when={explanation(props.story)}>{(link) => <p><a class="way" href={link()}>Explain this request</a></p>}</Show>
      </header>
      <Show when={problem()}>{(problem) => <ProblemReturned problem={problem()} />}</Show>
      <Waterfall story={props.story} />
      <Ways story={props.story} />
      <Lines lines={props.story.log_lines} />
    </>
  )
}

/** What would happen to it now, asked of the gateway. As whoever it was, when a token said so. */
function explanation({ method, path, account }: Story): string | undefined {
  if (method === undefined || path === undefined) return undefined
  return fragmentOf({ kind: 'explain' }, { method: method === 'GET' ? '' : method, url: path, account: account ?? '' })
}

/** What the client was told, and by whom. */
function ProblemReturned(props: { problem: Returned }) {
  const facts = (): Fact[] => [
    { name: 'Code', value: props.problem.code, mono: true },
    { name: 'Told by', value: props.problem.role },
    ...props.problem.members.map(([name, value]) => ({ name, value: typeof value === 'string' ? value : <Json value={value} /> })),
  ]
  return (
    <section class="panel story__problem" aria-labelledby="problem-returned">
      <div class="panel__head"><h2 id="problem-returned">Problem returned</h2></div>
      <p><span class="strong">{props.problem.title}</span> <Show when={props.problem.detail}>{(detail) => <span class="quiet">{detail()}</span>}</Show></p>
      <KeyValues facts={facts()} />
    </section>
  )
}

/** Which instances there were to choose from, which was chosen, and how each attempt went. */
function Ways(props: { story: Story }) {
  return (
    <section class="panel" aria-labelledby="ways">
      <div class="panel__head"><h2 id="ways">Choices and attempts</h2></div>
      <Table label="Table of choices and attempts" lines rows={stepsOf(props.story)} key={(step) => `${step.at_ms} ${step.what}`}
        empty="It was answered where it came in: no other service was asked."
        columns={[
          { name: 'At', number: true, cell: (step) => ms(step().at_ms) },
          { name: 'What', cell: (step) => step().what },
          { name: 'Instance', class: 'mono', cell: (step) => step().instance },
          { name: 'How it went', cell: (step) => step().result },
        ]} />
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
  const rows = () => props.lines.map((line, at) => ({ line, key: `${at} ${line.at}` }))
  return (
    <section class="panel" aria-labelledby="log-lines">
      <div class="panel__head"><h2 id="log-lines">Log lines</h2></div>
      <Table label="Table of log lines" lines rows={rows()} key={(row) => row.key} empty="Nothing was said about this request."
        columns={[
          { name: 'At', number: true, by: (row) => row.line.at_ms, cell: (row) => ms(row().line.at_ms) },
          { name: 'Level', by: (row) => row.line.level, cell: (row) => <span class={`level level--${row().line.level}`}>{row().line.level}</span> },
          { name: 'Role', by: (row) => row.line.role, cell: (row) => row().line.role },
          { name: 'Message', class: 'mono', cell: (row) => <>{row().line.message}<Show when={said(row().line.attributes)}>{(fields) => <span class="under">{fields()}</span>}</Show></> },
        ]} />
    </section>
  )
}
