//! The requests themselves, newest first. Each leads to its story.

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import type { Outcome, Traced } from '@bijou/api-client/console.ts'
import type { Live } from './live.ts'
import { console_, noticing } from './operator.ts'
import { fragmentOf } from './places.ts'
import { MARKS, ms, time } from './words.ts'

const SHOWN = 60

type Wanted = '' | Outcome

export function RequestTable(props: { live: Live; held: boolean }) {
  const [outcome, setOutcome] = createSignal<Wanted>('')
  const [path, setPath] = createSignal('')
  const [older, setOlder] = createSignal<Traced[]>([])
  const fits = (traced: Traced) =>
    (outcome() === '' || traced.outcome === outcome()) && (path() === '' || (traced.path ?? '').includes(path()))

  // The page remembers the newest few; what a filter asks for may be further back in the console's memory.
  createEffect(on([outcome, path], ([wanted, part]) => {
    setOlder([])
    if (wanted === '' && part === '') return
    void console_.requests({ limit: SHOWN, ...(wanted && { outcome: wanted }), ...(part && { path: part }) }).then((answer) => {
      if (noticing(answer).ok && answer.ok && outcome() === wanted && path() === part) setOlder(answer.value.items)
    })
  }))
  const now = createMemo<Traced[]>((before) => {
    if (props.held && before.length > 0 && outcome() === '' && path() === '') return before
    const newest = props.live.requests().filter(fits)
    const known = new Set(newest.map((each) => each.id))
    return [...newest, ...older().filter((each) => !known.has(each.id))].slice(0, SHOWN)
  }, [])
  const slowest = () => Math.max(1, ...now().map((each) => each.duration_ms))

  return (
    <section class="panel requests" aria-labelledby="requests-name">
      <div class="panel__head">
        <h2 id="requests-name">Requests</h2>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <label>Outcome
            <select onChange={(event) => setOutcome(event.currentTarget.value as Wanted)}>
              <option value="">all</option><option value="ok">ok</option><option value="refused">refused (4xx)</option><option value="failed">failed (5xx)</option>
            </select>
          </label>
          <label>Path contains <input type="search" autocomplete="off" spellcheck={false} onInput={(event) => setPath(event.currentTarget.value.trim())} /></label>
        </form>
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of requests">
        <table class="table table--lines">
          <thead>
            <tr>
              <th scope="col">Time</th><th scope="col">Outcome</th><th scope="col">Request</th><th scope="col">Way</th>
              <th scope="col" class="number">Took</th><th scope="col"><span class="hidden-text">Share of the slowest shown</span></th><th scope="col" class="number">Log lines</th>
            </tr>
          </thead>
          <tbody>
            <For each={now()} fallback={<Empty filtered={outcome() !== '' || path() !== ''} />}>
              {(traced) => (
                <tr>
                  <td class="mono faint">{time(traced.started_at)}</td>
                  <td><Mark traced={traced} /></td>
                  <th scope="row"><a class="mono" href={fragmentOf({ kind: 'story', id: traced.id })}>{traced.method} {short(traced.path ?? traced.route ?? traced.hops[0]?.name ?? traced.id)}</a></th>
                  <td class="faint">{wayOf(traced)}</td>
                  <td class="number">{ms(traced.duration_ms)}</td>
                  <td><span class="share"><i style={{ width: `${Math.max(1, (traced.duration_ms / slowest()) * 100)}%` }} /></span></td>
                  <td class="number faint">{traced.logs}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Empty(props: { filtered: boolean }) {
  return (
    <tr><td colspan="7">
      <Show when={props.filtered} fallback="No requests yet. Open the viewer: each one appears here the moment it is finished.">
        None of this kind in the memory. Every failure is kept, of the others a sample.
      </Show>
    </td></tr>
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
