//! The audit: who changed what, from what to what, and why; refused tries too. And whether its chain is whole.

import { createEffect, createMemo, createSignal, on, onMount, Show } from 'solid-js'
import type { AuditEntry, AuditFilter, AuditVerdict } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { Json } from '../parts/Json.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { query } from '../places.ts'
import { dayAndTime } from '../words.ts'

const FILTERS: readonly Filter[] = [
  { kind: 'text', name: 'actor', label: 'Who' },
  { kind: 'text', name: 'action', label: 'Action' },
  { kind: 'text', name: 'target', label: 'Target contains' },
]

export default function AuditPage() {
  const [entries, setEntries] = createSignal<AuditEntry[]>([])
  const [next, setNext] = createSignal<number>()
  const [problem, setProblem] = createSignal<Problem>()
  const [verdict, setVerdict] = createSignal<AuditVerdict>()
  const filter = createMemo((): AuditFilter => {
    const { actor = '', action = '', target = '' } = query()
    return { actor: actor.trim(), action: action.trim(), target: target.trim() }
  })
  const load = async (before?: number) => {
    const asked = filter()
    const answer = noticing(await console_.audit(before === undefined ? asked : { ...asked, before }))
    // Somebody typed on meanwhile: that answer is on its way, too.
    if (asked !== filter()) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    setEntries(before === undefined ? answer.value.items : [...entries(), ...answer.value.items])
    setNext(answer.value.next)
  }
  createEffect(on(filter, () => void load()))
  onMount(() => {
    void console_.verifyAudit().then((answer) => {
      if (noticing(answer).ok && answer.ok) setVerdict(answer.value)
    })
  })
  return (
    <div class="page">
      <h1>Audit</h1>
      <p class="quiet" role="status"><Chain verdict={verdict()} /></p>
      <FilterBar filters={FILTERS} label="Narrow the audit" />
      <Show when={!problem()} fallback={<Show when={problem()}>{(problem) => <ProblemNote what="The audit did not come" problem={problem()} again={() => void load()} />}</Show>}>
        <section class="panel" aria-label="Changes">
          <Table label="Table of changes" rows={entries()} key={(entry) => String(entry.seq)} empty="Nothing was changed yet, or nothing that fits."
            columns={[
              { name: 'When', class: 'mono audit__when', cell: (entry) => dayAndTime(entry().at) },
              { name: 'Who', by: (entry) => entry.actor, cell: (entry) => entry().actor },
              { name: 'What', names: true, by: (entry) => entry.action, cell: (entry) => <><span class="strong">{entry().action}</span><span class="under mono">{entry().target}</span></> },
              { name: 'Before', cell: (entry) => <Json value={entry().before} /> },
              { name: 'After', cell: (entry) => <Json value={entry().after} /> },
              { name: 'Why', cell: (entry) => entry().reason },
            ]} />
          <Show when={next()}>{(before) => <p class="table__more"><button type="button" class="button button--small" onClick={() => void load(before())}>Older</button></p>}</Show>
        </section>
      </Show>
    </div>
  )
}

function Chain(props: { verdict: AuditVerdict | undefined }) {
  return (
    <Show when={props.verdict} fallback="Walking the chain.">
      {(verdict) => (
        <Show when={verdict().whole} fallback={<strong>✕ Entry {verdict().broken_at} is not what it was when it was written. Nothing behind it can be relied on.</strong>}>
          ● {verdict().entries} entries, the chain is whole. Head <code>{verdict().head.slice(0, 16)}</code>
        </Show>
      )}
    </Show>
  )
}
