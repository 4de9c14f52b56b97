//! A problem (RFC 9457) told to a person: what happened, what to do, and the id to look for in the logs.

import { Show } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import { adviceFor } from './advice.ts'

export function ProblemNote(props: { what: string; problem: Problem; again?: () => void; level?: 1 | 2 }) {
  return (
    <section class="problem" role="alert">
      <Show when={props.level === 1} fallback={<h2>{props.what}</h2>}><h1>{props.what}</h1></Show>
      <p><span class="mono strong">{props.problem.code}</span> {props.problem.detail ?? props.problem.title}</p>
      <p class="quiet">{adviceFor(props.problem)}</p>
      <Show when={props.problem.request_id}>{(id) => <p class="faint">Request <code class="mono">{id()}</code></p>}</Show>
      <Show when={props.again}>{(again) => <p><button type="button" class="button button--small" onClick={() => again()()}>Try again</button></p>}</Show>
    </section>
  )
}
