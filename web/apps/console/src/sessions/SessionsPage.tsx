//! Sessions: what accounts did without a long pause, newest first.

import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import type { SessionSummary } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf, narrow, query } from '../places.ts'
import { dayAndTime } from '../words.ts'

const FILTERS: readonly Filter[] = [
  { kind: 'text', name: 'account', label: 'Account id' },
  { kind: 'text', name: 'device', label: 'Device’s name contains' },
]

export default function SessionsPage() {
  const [sessions, setSessions] = createSignal<SessionSummary[]>([])
  const [problem, setProblem] = createSignal<Problem>()
  const filter = createMemo(() => ({ account: (query()['account'] ?? '').trim(), device: (query()['device'] ?? '').trim() }))
  const load = async () => {
    const asked = filter()
    const answer = noticing(await console_.sessions(asked))
    // Somebody typed on meanwhile: that answer is on its way, too.
    if (asked !== filter()) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setSessions(answer.value.items)
  }
  createEffect(on(filter, () => void load()))
  return (
    <div class="page">
      <h1>Sessions</h1>
      <FilterBar filters={FILTERS} label="Whose sessions" />
      <ByAddress />
      <Show when={problem()}>{(problem) => <ProblemNote what="Sessions did not come" problem={problem()} again={() => void load()} />}</Show>
      <section class="panel" aria-label="Sessions">
        <Table label="Table of sessions" rows={sessions()} key={(session) => session.id} empty="Nobody signed in did anything that is kept, or nothing that fits."
          columns={[
            { name: 'Began', names: true, class: 'mono', cell: (session) => <a href={fragmentOf({ kind: 'session', id: session().id })}>{dayAndTime(session().began_at)}</a> },
            { name: 'Account', by: (session) => session.account, class: 'mono', cell: (session) => session().account },
            { name: 'Devices', cell: (session) => session().devices.join(', ') },
            { name: 'Playbacks', number: true, by: (session) => session.playback_count, cell: (session) => session().playback_count },
            { name: 'Moments', number: true, by: (session) => session.moment_count, cell: (session) => session().moment_count },
            { name: 'Failed', number: true, by: (session) => session.failed, cell: (session) => <>{session().failed > 0 && '✕ '}{session().failed}</> },
          ]} />
      </section>
    </div>
  )
}

/** An address is sent in a body and kept nowhere: the page goes on with the account. Who asked is recorded. */
function ByAddress() {
  const [problem, setProblem] = createSignal<Problem>()
  const find = async (form: HTMLFormElement) => {
    const email = String(new FormData(form).get('email') ?? '').trim()
    if (email === '') return
    const answer = noticing(await console_.findAccount(email))
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    form.reset()
    narrow({ account: answer.value.account_id })
  }
  return (
    <>
      <form class="filters" aria-label="By e-mail address" onSubmit={(event) => { event.preventDefault(); void find(event.currentTarget) }}>
        <label>E-mail address <input type="email" name="email" autocomplete="off" spellcheck={false} required /></label>
        <button class="button button--small">Find the account</button>
        <span class="faint">Recorded in the audit.</span>
      </form>
      <Show when={problem()}>{(problem) => <ProblemNote what="No account was found" problem={problem()} />}</Show>
    </>
  )
}
