//! The requests themselves, newest first. Each leads to its story.

import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { Traced } from '@bijou/api-client/console.ts'
import { merged, type Live } from '../live.ts'
import { console_, noticing } from '../operator.ts'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { MARKS, ms, time } from '../words.ts'
import { askedOf, fits, isNarrow, type Wanted } from './wanted.ts'

/** As many as the console gives at once. */
const PAGE = 200

export interface RequestTableProps {
  live: Live
  held: boolean
  wanted: Wanted
  shown: number
  /** Whether one may go back through all the console remembers. */
  older?: boolean
}

export function RequestTable(props: RequestTableProps) {
  const [older, setOlder] = createSignal<Traced[]>([])
  const [next, setNext] = createSignal<string>()
  const [more, setMore] = createSignal(0)
  const [problem, setProblem] = createSignal<Problem>()
  const load = async (before?: string) => {
    const asked = props.wanted
    const answer = noticing(await console_.requests({ ...askedOf(asked), limit: PAGE, ...(before && { before }) }))
    // Somebody narrowed it further meanwhile: that answer is on its way, too.
    if (asked !== props.wanted) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    setOlder(before === undefined ? answer.value.items : [...older(), ...answer.value.items])
    setNext(answer.value.next)
  }
  // The page remembers the newest few; what is wanted may be further back in the console's memory.
  createEffect(on(() => props.wanted, (wanted) => {
    setOlder([])
    setNext(undefined)
    setMore(0)
    if (props.older || isNarrow(wanted)) void load()
  }))
  // A row that moves between aiming and pressing is another row: the list waits until the pointer has left it.
  const [pointed, setPointed] = createSignal(false)
  const limit = () => props.shown + more()
  const found = createMemo<{ wanted: Wanted; rows: Traced[] }>((before) => {
    const { wanted } = props
    // Held still is what was there when it was held, not what was there before somebody narrowed it.
    const base = (props.held || pointed()) && before.wanted === wanted && before.rows.length > 0 ? before.rows : props.live.requests().filter((each) => fits(each, wanted))
    return { wanted, rows: merged(base, older().filter((each) => fits(each, wanted)), Number.MAX_SAFE_INTEGER) }
  }, { wanted: props.wanted, rows: [] })
  const rows = () => found().rows.slice(0, limit())
  const newer = () => {
    const newest = Date.parse(found().rows[0]?.started_at ?? '')
    return props.live.requests().filter((each) => Date.parse(each.started_at) > newest && fits(each, props.wanted)).length
  }
  const slowest = createMemo(() => Math.max(1, ...rows().map((each) => each.duration_ms)))
  const goBack = () => {
    setMore(more() + PAGE)
    const before = next()
    if (before !== undefined && found().rows.length < limit()) void load(before)
  }
  return (
    <div onPointerEnter={(event) => setPointed(event.pointerType === 'mouse')} onPointerLeave={() => setPointed(false)}>
      <Show when={problem()}>{(problem) => <ProblemNote what="Older requests did not come" problem={problem()} again={() => void load()} />}</Show>
      <Table label="Table of requests" lines rows={rows()} key={(traced) => traced.id}
        empty={isNarrow(props.wanted)
          ? 'None of this kind in the memory, nor on disk. Every failure is kept, of the others a sample.'
          : 'No requests yet. Open the viewer: each one appears here the moment it is finished.'}
        columns={[
          { name: 'Time', class: 'mono faint', by: (traced) => Date.parse(traced.started_at), number: true, cell: (traced) => time(traced().started_at) },
          { name: 'Outcome', by: (traced) => traced.outcome, cell: (traced) => <Mark traced={traced()} /> },
          { name: 'Request', names: true, cell: (traced) => <a class="mono" href={fragmentOf({ kind: 'story', id: traced().id })}>{traced().method} {short(traced().path ?? traced().route ?? traced().hops[0]?.name ?? traced().id)}</a> },
          { name: 'Way', class: 'faint', cell: (traced) => wayOf(traced()) },
          { name: 'Took', number: true, by: (traced) => traced.duration_ms, cell: (traced) => ms(traced().duration_ms) },
          { name: 'Share of the slowest shown', nameHidden: true, cell: (traced) => <span class="share"><i style={{ width: `${Math.max(1, (traced().duration_ms / slowest()) * 100)}%` }} /></span> },
          { name: 'Log lines', number: true, class: 'faint', by: (traced) => traced.logs, cell: (traced) => traced().logs },
        ]} />
      <p class="requests__held faint"><Show when={pointed() && newer() > 0}>Held still under the pointer: {newer()} newer</Show></p>
      <Show when={props.older && (next() !== undefined || found().rows.length > limit())}>
        <p class="table__more"><button type="button" class="button button--small" onClick={goBack}>Older</button></p>
      </Show>
    </div>
  )
}

export function Mark(props: { traced: Traced }) {
  return <span class={`mark-outcome mark-outcome--${props.traced.outcome}`}><span aria-hidden="true">{MARKS[props.traced.outcome]}</span> {props.traced.status ?? 'none'}<span class="hidden-text"> {props.traced.outcome}</span></span>
}

const PATH_MAX = 56

/** Long media addresses are mostly token; both ends say which file it was. */
function short(path: string): string {
  return path.length <= PATH_MAX ? path : `${path.slice(0, 24)}…${path.slice(25 - PATH_MAX)}`
}

function wayOf(traced: Traced): string {
  const reached = traced.hops.map((hop) => hop.to)
  return [...new Set(reached)].join(' → ')
}
