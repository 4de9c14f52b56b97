//! Log lines of all services: searched in what the console keeps on disk, followed as they come, or counted by pattern.

import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { listenLogs, type Line, type Pattern } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf, query } from '../places.ts'
import { WITHIN_CHOICES } from '../requests/wanted.ts'
import { said } from '../story/said.ts'
import { dayAndTime } from '../words.ts'
import { askedIn, LEVELS, searchedIn } from './asked.ts'

const FILTERS: readonly Filter[] = [
  { kind: 'text', name: 'q', label: 'Words' },
  { kind: 'choice', name: 'level', label: 'At least', choices: LEVELS.map((level) => [level, level] as const) },
  { kind: 'text', name: 'service', label: 'Service' },
  { kind: 'text', name: 'trace', label: 'Trace' },
  { kind: 'choice', name: 'within', label: 'Within', choices: WITHIN_CHOICES },
  { kind: 'choice', name: 'show', label: 'Show', none: 'lines', choices: [['patterns', 'patterns, counted']] },
]

/** Lines on a page, and lines kept while following. */
const PAGE = 100
const FOLLOWED_MAX = 500
/** Lines may come by the thousand; the table is drawn a few times a second. */
const DRAWN_EVERY_MS = 250

export default function LogsPage() {
  return (
    <div class="page">
      <h1>Logs</h1>
      <FilterBar filters={FILTERS} label="Narrow the log lines" />
      <Show when={query()['show'] === 'patterns'} fallback={<Lines />}><Patterns /></Show>
    </div>
  )
}

type Row = Line & { key: string }

function Lines() {
  let count = 0
  const rowOf = (line: Line): Row => ({ ...line, key: String(count += 1) })
  const [rows, setRows] = createSignal<Row[]>([])
  const [next, setNext] = createSignal<number>()
  const [problem, setProblem] = createSignal<Problem>()
  const [following, setFollowing] = createSignal(false)
  const [missed, setMissed] = createSignal(0)
  const load = async (before?: number) => {
    const asked = query()
    const answer = noticing(await console_.logs({ ...searchedIn(asked), limit: PAGE, ...(before !== undefined && { before }) }))
    // Somebody narrowed it further meanwhile: that answer is on its way, too.
    if (asked !== query()) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    const found = answer.value.items.map(rowOf)
    setRows(before === undefined ? found : [...rows(), ...found])
    setNext(answer.value.next)
  }
  createEffect(on(query, () => void load()))
  createEffect(() => {
    if (!following()) return
    let waiting: Line[] = []
    const stop = listenLogs(askedIn(query()), { line: (line) => waiting.push(line), missed: (more) => setMissed((before) => before + more) })
    const draw = setInterval(() => {
      if (waiting.length === 0) return
      const came = waiting.map(rowOf).reverse()
      waiting = []
      setRows((before) => [...came, ...before].slice(0, FOLLOWED_MAX))
    }, DRAWN_EVERY_MS)
    onCleanup(() => {
      stop()
      clearInterval(draw)
    })
  })
  return (
    <section class="panel logs" aria-label="Log lines">
      <div class="panel__head">
        <h2>Lines</h2>
        <button type="button" class="button button--small" aria-pressed={following()} onClick={() => setFollowing(!following())}>{following() ? 'Stop following' : 'Follow'}</button>
        <Show when={missed() > 0}><p class="faint" role="status">{missed()} came too fast to be shown</p></Show>
      </div>
      <Show when={problem()}>{(problem) => <ProblemNote what="Log lines did not come" problem={problem()} again={() => void load()} />}</Show>
      <Table label="Table of log lines" rows={rows()} key={(row) => row.key} empty="No line of this kind is kept."
        columns={[
          { name: 'Time', class: 'mono faint', cell: (row) => dayAndTime(row().at) },
          { name: 'Level', cell: (row) => <Level level={row().level} /> },
          { name: 'Service', class: 'faint', cell: (row) => row().role },
          { name: 'Message', names: true, cell: (row) => <>{row().message}<Show when={said(row().attributes)}>{(fields) => <span class="under mono">{fields()}</span>}</Show></> },
          { name: 'Request', cell: (row) => <Show when={row().trace_id}>{(id) => <a class="mono" href={fragmentOf({ kind: 'story', id: id() })}>{id().slice(0, 8)}</a>}</Show> },
        ]} />
      <Show when={next()}>{(before) => <p class="table__more"><button type="button" class="button button--small" onClick={() => void load(before())}>Older</button></p>}</Show>
    </section>
  )
}

const Level = (props: { level: string }) => <span class={`level level--${props.level}`}>{props.level}</span>

function Patterns() {
  const [patterns, setPatterns] = createSignal<Pattern[]>([])
  const [counted, setCounted] = createSignal(0)
  const [problem, setProblem] = createSignal<Problem>()
  const load = async () => {
    const asked = query()
    const answer = noticing(await console_.patterns(searchedIn(asked)))
    if (asked !== query()) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (!answer.ok) return
    setPatterns(answer.value.items)
    setCounted(answer.value.counted)
  }
  createEffect(on(query, () => void load()))
  return (
    <section class="panel" aria-label="Patterns">
      <div class="panel__head"><h2>Patterns</h2><p class="faint">of the newest {counted()} lines, without numbers, ids and what is quoted</p></div>
      <Show when={problem()}>{(problem) => <ProblemNote what="Patterns did not come" problem={problem()} again={() => void load()} />}</Show>
      <Table label="Table of patterns" rows={patterns()} key={(each) => `${each.level} ${each.pattern}`} empty="No line of this kind is kept."
        columns={[
          { name: 'Lines', number: true, by: (each) => each.count, cell: (each) => each().count },
          { name: 'Level', by: (each) => each.level, cell: (each) => <Level level={each().level} /> },
          { name: 'Pattern', names: true, by: (each) => each.pattern, cell: (each) => <><a href={fragmentOf({ kind: 'logs' }, { ...query(), q: wordsOf(each().pattern), show: '' })}>{each().pattern}</a><span class="under">{each().example}</span></> },
          { name: 'Services', class: 'faint', cell: (each) => each().roles.join(', ') },
          { name: 'Last', class: 'mono faint', by: (each) => Date.parse(each.last_at), number: true, cell: (each) => dayAndTime(each().last_at) },
        ]} />
    </section>
  )
}

/** Its lines have these words, whatever stood in the gaps. */
const wordsOf = (pattern: string) => (pattern.match(/[\p{L}]{2,}/gu) ?? []).join(' ')
