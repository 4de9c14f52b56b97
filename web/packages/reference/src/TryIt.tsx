//! The form of an operation: what it takes as fields, the same as curl, and what came back.

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { AnswerView } from './AnswerView.tsx'
import { Heading } from './Heading.tsx'
import { curl, missing, slot, write, type Credential, type Seen, type Values, type Written } from './call.ts'
import { writes, type Operation } from './document.ts'
import { bodyOf, isJsonMedia } from './example.ts'
import { shapeOf } from './shape.ts'

export interface TryItProps {
  document: unknown
  operation: Operation
  /** As whom it is sent. */
  credential: Credential | undefined
  /** In words, for the question before something is changed. */
  asWhom: string
  /** Of its heading. */
  level: 3 | 4
  /** Where somebody outside would send it. */
  origin: string
  /** Values to begin with; another object fills the form anew. */
  begin?: Values
  /** What came back, or why nothing did. */
  send: (written: Written) => Promise<Seen | string>
}

export function TryIt(props: TryItProps) {
  const [values, setValues] = createSignal<Values>({})
  const [media, setMedia] = createSignal('')
  const [body, setBody] = createSignal('')
  const [seen, setSeen] = createSignal<Seen>()
  const [words, setWords] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const [asks, setAsks] = createSignal(false)

  const contents = () => props.operation.body?.contents ?? []
  const choose = (name: string) => {
    const content = contents().find((each) => each.media === name)
    setMedia(name)
    setBody(content ? bodyOf(props.document, content) : '')
  }
  createEffect(on([() => props.operation, () => props.begin], () => {
    const examples = props.operation.parameters.filter((each) => each.required && each.example !== undefined)
    setValues({ ...Object.fromEntries(examples.map((each) => [slot(each), String(each.example)])), ...props.begin })
    choose((contents().find((each) => isJsonMedia(each.media)) ?? contents()[0])?.media ?? '')
    setSeen(undefined)
    setWords(undefined)
    setAsks(false)
  }))
  const written = createMemo(() => write(props.operation, values(), { text: body(), media: media() }, props.credential))
  const wrong = (): string | undefined => {
    const empty = missing(props.operation, values())
    if (empty.length > 0) return `${empty.join(' and ')} cannot be empty.`
    if (!isJsonMedia(media()) || body().trim() === '') return undefined
    try {
      return void JSON.parse(body())
    } catch (error) {
      return `The body is no JSON: ${error instanceof Error ? error.message : 'look again'}.`
    }
  }
  const send = async () => {
    setAsks(false)
    setBusy(true)
    const asked = props.operation
    const answer = await props.send(written())
    setBusy(false)
    // Somebody has gone on to another operation meanwhile.
    if (asked !== props.operation) return
    setWords(typeof answer === 'string' ? answer : undefined)
    setSeen(typeof answer === 'string' ? undefined : answer)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setWords(wrong())
    if (words() !== undefined) return
    if (writes(props.operation.method)) setAsks(true)
    else void send()
  }
  return (
    <section class="try" aria-labelledby="try-name">
      <Heading level={props.level} id="try-name" class="operation__part">Try it</Heading>
      <form class="try__form" onSubmit={submit} novalidate>
        <Show when={props.operation.parameters.length > 0}>
          <div class="try__fields">
            <For each={props.operation.parameters}>
              {(parameter) => {
                const choices = () => { const shape = shapeOf(props.document, parameter.schema); return shape.type.startsWith('boolean') ? ['true', 'false'] : shape.choices }
                const value = () => values()[slot(parameter)] ?? ''
                const set = (to: string) => setValues({ ...values(), [slot(parameter)]: to })
                return (
                  <label>{parameter.name}{parameter.required ? ' *' : ''}
                    <Show when={choices().length > 0} fallback={
                      <input value={value()} onInput={(event) => set(event.currentTarget.value)} placeholder={parameter.example === undefined ? '' : String(parameter.example)} autocomplete="off" spellcheck={false} />
                    }>
                      <select onChange={(event) => set(event.currentTarget.value)}>
                        <option value="" selected={value() === ''}>not told</option>
                        <For each={choices()}>{(choice) => <option value={choice} selected={value() === choice}>{choice}</option>}</For>
                      </select>
                    </Show>
                  </label>
                )
              }}
            </For>
          </div>
        </Show>
        <Show when={contents().length > 0}>
          <label class="try__body">Body
            <Show when={contents().length > 1} fallback={<span class="faint"> {media()}</span>}>
              {' '}<select aria-label="Form of the body" onChange={(event) => choose(event.currentTarget.value)}><For each={contents()}>{(each) => <option selected={each.media === media()}>{each.media}</option>}</For></select>
            </Show>
            <textarea rows={Math.min(16, Math.max(3, body().split('\n').length))} value={body()} onInput={(event) => setBody(event.currentTarget.value)} spellcheck={false} autocomplete="off" aria-label="Body" />
          </label>
        </Show>
        <pre class="try__curl" tabindex="0" role="region" aria-label="As curl"><code>{curl(props.origin, written())}</code></pre>
        <p class="refused" role="alert">{words()}</p>
        <p class="try__do" data-focus-row>
          <button type="submit" class="button button--main" id="try" disabled={busy()}>{writes(props.operation.method) ? 'Send it…' : 'Send it'}</button>
          <span class="faint">as {props.asWhom}</span>
        </p>
      </form>
      <Show when={seen()}>{(answer) => <AnswerView seen={answer()} />}</Show>
      <Show when={asks()}>
        <Dialog labelledby="try-ask" close={() => setAsks(false)}>
          <h2 id="try-ask">Send {written().method}?</h2>
          <p class="try__what"><code>{written().path}</code></p>
          <p>It is sent as {props.asWhom}, and may change something for real.</p>
          <p class="try__do" data-focus-row>
            <button type="button" class="button button--main" onClick={() => void send()}>Send it</button>
            <button type="button" class="button" onClick={() => setAsks(false)}>Leave it</button>
          </p>
        </Dialog>
      </Show>
    </section>
  )
}
