//! One operation: what it is for, what it takes, what it answers, and a form to try it.

import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import type { Content, Deprecated, Operation, Parameter, Reply } from './document.ts'
import { shapeOf } from './shape.ts'
import { Facts, Schema } from './Schema.tsx'
import { Heading } from './Heading.tsx'
import { Method } from './Method.tsx'
import { TryIt, type TryItProps } from './TryIt.tsx'
import { Words } from './Words.tsx'
import './reference.css'

export interface OperationPageProps extends Omit<TryItProps, 'operation' | 'document' | 'level'> {
  document: unknown
  operation: Operation
  /** Of its name's heading; those of its parts are one below. */
  level: 2 | 3
  /** Why it cannot be tried from here. */
  untried?: JSX.Element
}

export function OperationPage(props: OperationPageProps) {
  const below = (): 3 | 4 => (props.level === 2 ? 3 : 4)
  const failures = () => props.operation.replies.filter((reply) => Number(reply.status) >= 400)
  const answers = () => props.operation.replies.filter((reply) => !(Number(reply.status) >= 400))
  return (
    <article class="operation" aria-labelledby="operation-name">
      <header class="operation__head">
        <Heading level={props.level} id="operation-name" class="operation__name"><Words text={props.operation.summary} /></Heading>
        <p class="operation__line"><Method of={props.operation.method} /> <span class="operation__path">{props.operation.path}</span></p>
        <Show when={props.operation.deprecated}>{(going) => <Going going={going()} />}</Show>
        <Show when={props.operation.description}>{(text) => <p class="operation__says"><Words text={text()} /></p>}</Show>
        <p class="faint">{props.operation.security.length > 0 ? `Needs ${props.operation.security.join(' or ').replaceAll('_', ' ')}.` : ''} <code>{props.operation.id}</code></p>
      </header>
      <Show when={!props.untried} fallback={<p class="operation__untried">{props.untried}</p>}>
        <TryIt {...props} level={below()} />
      </Show>
      <Show when={props.operation.parameters.length > 0}><Parameters level={below()} document={props.document} parameters={props.operation.parameters} /></Show>
      <Show when={props.operation.body}>
        {(body) => (
          <section aria-labelledby="operation-body">
            <Heading level={below()} id="operation-body" class="operation__part">Body{body().required ? '' : ', may be left out'}</Heading>
            <Show when={body().description}>{(text) => <p><Words text={text()} /></p>}</Show>
            <Contents document={props.document} contents={body().contents} />
          </section>
        )}
      </Show>
      <section aria-labelledby="operation-answers">
        <Heading level={below()} id="operation-answers" class="operation__part">Answers</Heading>
        <For each={answers()} fallback={<p class="faint">The contract names none.</p>}>{(reply, at) => <Answer document={props.document} reply={reply} open={at() === 0} />}</For>
      </section>
      <Show when={failures().length > 0}>
        <section aria-labelledby="operation-errors">
          <Heading level={below()} id="operation-errors" class="operation__part">Errors</Heading>
          <p class="faint">Problem details (RFC 9457): <code>type</code> is <code>/problems/</code> and the code.</p>
          <ul class="errors"><For each={failures()}>{(reply) => <li><Failure reply={reply} /></li>}</For></ul>
        </section>
      </Show>
    </article>
  )
}

const day = (text: string) => {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? text : at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
}

function Going(props: { going: Deprecated }) {
  return (
    <p class="operation__going"><strong>Going away.</strong>
      <Show when={props.going.since}>{(since) => <> Deprecated since {day(since())}.</>}</Show>
      <Show when={props.going.sunset}>{(sunset) => <> It answers until {day(sunset())}; after that it may not.</>}</Show>
      <Show when={props.going.link}>{(link) => <> <a href={link()} rel="noreferrer">What to do instead</a></>}</Show>
    </p>
  )
}

function Parameters(props: { level: 3 | 4; document: unknown; parameters: readonly Parameter[] }) {
  return (
    <section aria-labelledby="operation-parameters">
      <Heading level={props.level} id="operation-parameters" class="operation__part">Parameters</Heading>
      <ul class="schema__members">
        <For each={props.parameters}>
          {(parameter) => {
            const shape = createMemo(() => shapeOf(props.document, parameter.schema))
            return (
              <li>
                <p><code class="schema__name">{parameter.name}</code><Show when={parameter.required}><span class="schema__needed"> needed</span></Show> <span class="schema__type">{shape().type}</span> <span class="faint">in the {parameter.place}</span></p>
                <Show when={parameter.description || shape().description}>{(text) => <p class="schema__says"><Words text={text()} /></p>}</Show>
                <Facts shape={shape()} />
              </li>
            )
          }}
        </For>
      </ul>
    </section>
  )
}

function Contents(props: { document: unknown; contents: readonly Content[] }) {
  const [at, setAt] = createSignal(0)
  const content = () => props.contents[at()] ?? props.contents[0]
  const shape = createMemo(() => shapeOf(props.document, content()?.schema))
  return (
    <Show when={content()} fallback={<p class="faint">Without a body.</p>}>
      <Show when={props.contents.length > 1} fallback={<p class="faint">{content()!.media}</p>}>
        <p class="medias" role="group" aria-label="Form"><For each={props.contents}>{(each, nth) => <button type="button" class="button button--small" aria-pressed={nth() === at()} onClick={() => setAt(nth())}>{each.media}</button>}</For></p>
      </Show>
      <Schema shape={shape()} />
    </Show>
  )
}

function Answer(props: { document: unknown; reply: Reply; open: boolean }) {
  return (
    <details class="reply" open={props.open}>
      <summary><strong>{props.reply.status}</strong> <Words text={props.reply.description} /></summary>
      <Contents document={props.document} contents={props.reply.contents} />
      <For each={props.reply.headers}>{(header) => <p><code>{header.name}</code> <Words text={header.description} /></p>}</For>
    </details>
  )
}

/** By their codes, where the contract names them. */
function Failure(props: { reply: Reply }) {
  return <><strong>{props.reply.status}</strong> <span><Words text={props.reply.description} /></span></>
}
