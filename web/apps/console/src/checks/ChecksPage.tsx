//! Synthetic checks: whether a viewer could sign in, search and play just now, and how it went before.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Check, Checks } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { dayAndTime, ms } from '../words.ts'

const LOOK_EVERY_MS = 10_000

export default function ChecksPage() {
  const [checks, setChecks] = createSignal<Checks>()
  const [older, setOlder] = createSignal<Checks>()
  const [problem, setProblem] = createSignal<Problem>()
  const [running, setRunning] = createSignal(false)
  const load = async () => {
    const answer = noticing(await console_.checks())
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setChecks(answer.value)
  }
  const loadOlder = async (before: number) => {
    const answer = noticing(await console_.checks(before))
    if (!answer.ok) return void setProblem(answer.problem)
    setOlder({ ...answer.value, items: [...older()?.items ?? [], ...answer.value.items] })
  }
  const run = async () => {
    setRunning(true)
    const answer = noticing(await console_.runCheck())
    setRunning(false)
    if (answer.ok) await load()
    else setProblem(answer.problem)
  }
  onMount(() => {
    void load()
    const again = setInterval(() => void load(), LOOK_EVERY_MS)
    onCleanup(() => clearInterval(again))
  })
  // The newest page moves on under those that were asked for behind it.
  const rows = () => [...new Map([...checks()?.items ?? [], ...older()?.items ?? []].map((check) => [check.at, check])).values()]
  const next = () => (older() ?? checks())?.next
  return (
    <div class="page">
      <h1>Checks</h1>
      <Show when={checks()}>{(checks) => <p class="quiet" role="status"><Now checks={checks()} /></p>}</Show>
      <Show when={checks()?.configured}>
        <p class="page__actions"><button type="button" class="button" disabled={running()} onClick={() => void run()}>{running() ? 'Checking' : 'Check now'}</button></p>
      </Show>
      <Show when={problem()}>{(problem) => <ProblemNote what="That did not work" problem={problem()} again={() => void load()} />}</Show>
      <section class="panel" aria-label="History">
        <Table label="Table of checks" rows={rows()} key={(check) => check.at} empty="Nothing was checked yet."
          columns={[
            { name: 'When', names: true, class: 'mono', cell: (check) => dayAndTime(check().at) },
            { name: 'Outcome', by: (check) => (check.passed ? 1 : 0), cell: (check) => <Outcome check={check()} /> },
            { name: 'Took', number: true, by: (check) => check.took_ms, cell: (check) => ms(check().took_ms) },
            { name: 'Steps', cell: (check) => <Steps check={check()} /> },
            { name: 'By', by: (check) => check.by, cell: (check) => check().by },
          ]} />
        <Show when={next()}>{(before) => <p class="table__more"><button type="button" class="button button--small" onClick={() => void loadOlder(before())}>Older</button></p>}</Show>
      </section>
    </div>
  )
}

function Now(props: { checks: Checks }) {
  const last = () => props.checks.items[0]
  return (
    <Show when={props.checks.configured} fallback="No account to check as. Make one for that, and name it in console.checks.email and console.checks.password.">
      <Show when={last()} fallback="Nothing was checked yet.">
        {(last) => <><Outcome check={last()} /> {last().passed ? 'A viewer could sign in, search and play' : 'A viewer could not do everything'} at {dayAndTime(last().at)}.{' '}</>}
      </Show>
      {props.checks.every_s === undefined ? 'Checked only when somebody asks.' : `Checked every ${props.checks.every_s} s.`}
    </Show>
  )
}

const Outcome = (props: { check: Check }) => (
  <span class={`mark-outcome mark-outcome--${props.check.passed ? 'ok' : 'failed'}`}><span aria-hidden="true">{props.check.passed ? '●' : '✕'}</span> {props.check.passed ? 'passed' : 'failed'}</span>
)

/** Each with its time; one that failed leads to what happened. */
function Steps(props: { check: Check }) {
  return (
    <For each={props.check.steps}>
      {(step, at) => (
        <>
          {at() > 0 && ' · '}
          <Show when={step.trace_id} fallback={step.name}>{(id) => <a href={fragmentOf({ kind: 'story', id: id() })}>{step.name}</a>}</Show> <span class="faint">{ms(step.took_ms)}</span>
          <Show when={step.problem}>{(problem) => <span class="under">✕ {problem()}</span>}</Show>
        </>
      )}
    </For>
  )
}
