//! The reference: every operation of the partners' API as its document describes it, each to try in place.

import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import type { Partners } from '@bijou/api-client/partners.ts'
import { appKey, bearer, fieldsOf, type Credential, type Seen, type Values, type Written } from '@bijou/reference/call.ts'
import type { Operation } from '@bijou/reference/document.ts'
import { OperationList, type Group } from '@bijou/reference/OperationList.tsx'
import { OperationPage } from '@bijou/reference/OperationPage.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { BEGINNINGS, type Beginning } from './beginnings.ts'
import { groupsOf, isDevelopers, isOpen } from './groups.ts'

export function Reference(props: { partners: Partners; known: string | undefined }) {
  const [document, setDocument] = createSignal<unknown>()
  const [missing, setMissing] = createSignal(false)
  const load = async () => {
    const answer = await props.partners.document()
    setMissing(!answer.ok)
    if (answer.ok) setDocument(() => answer.value)
  }
  onMount(() => void load())
  const groups = createMemo(() => groupsOf(document()))
  return (
    <section class="reference" aria-labelledby="reference">
      <h2 id="reference">Every call, to try</h2>
      <p class="quiet">Made from the document the platform itself serves at <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1), under <code>/partner</code>.</p>
      <Show when={groups().length > 0} fallback={
        <Show when={missing() || document() !== undefined} fallback={<Lines count={4} />}>
          <Notice title="The reference is not there" action={{ label: 'Look again', run: () => void load() }}>The document does not come, or the partners service is away. Keys go on working as soon as it is back.</Notice>
        </Show>
      }>
        <Calls partners={props.partners} known={props.known} document={document()} groups={groups()} />
      </Show>
    </section>
  )
}

function Calls(props: { partners: Partners; known: string | undefined; document: unknown; groups: readonly Group[] }) {
  const named = (id: string) => props.groups.flatMap((group) => group.operations).find((each) => each.id === id)
  const [asked, setAsked] = createSignal('')
  const [typed, setTyped] = createSignal('')
  const [begun, setBegun] = createSignal<Beginning | undefined>(BEGINNINGS[0])
  const [chosen, setChosen] = createSignal<Operation | undefined>(named(BEGINNINGS[0]!.operation) ?? props.groups[0]?.operations[0])
  const begin = (from: Beginning) => {
    setChosen(named(from.operation) ?? chosen())
    setBegun(from)
  }
  const choose = (_: Group, operation: Operation) => {
    setBegun(undefined)
    setChosen(operation)
    window.document.getElementById('operation-name')?.scrollIntoView({ block: 'nearest' })
  }
  const key = () => typed() || props.known || ''
  const credential = (operation: Operation): Credential | undefined => {
    if (isOpen(operation)) return undefined
    // The developer's own token never leaves the one who asks: here it has only its place.
    return isDevelopers(operation) ? bearer('') : appKey(key())
  }
  const send = async (operation: Operation, written: Written): Promise<Seen | string> => {
    const { credential, ...call } = written
    const seen = await props.partners.look({ ...call, fields: isDevelopers(operation) ? call.fields : fieldsOf({ ...call, credential }) }, isDevelopers(operation))
    return seen ?? 'No answer came: is the gateway there?'
  }
  const values = (): { begin?: Values } => { const now = begun(); return now ? { begin: now.values } : {} }
  return (
    <>
      <div class="portal__apps" data-focus-row role="group" aria-label="Begin with">
        <For each={BEGINNINGS}>
          {(each) => <button type="button" class="portal__app" aria-pressed={each === begun()} onClick={() => begin(each)}>{each.name}</button>}
        </For>
      </div>
      <div class="portal__new">
        <label for="try-key">Key</label>
        <input id="try-key" value={typed()} onInput={(event) => setTyped(event.currentTarget.value.trim())}
          placeholder={props.known ? 'the key you just made' : 'bjs_…'} autocomplete="off" spellcheck={false} />
      </div>
      <div class="reference__panes">
        <details class="reference__all" open={matchMedia('(min-width: 861px)').matches}>
          <summary>All operations</summary>
          <OperationList level={3} groups={props.groups} asked={asked()} ask={setAsked} chosen={(_, operation) => operation === chosen()} choose={choose} />
        </details>
        <Show when={chosen()}>
          {(operation) => (
            <OperationPage level={3} document={props.document} operation={operation()} origin={location.origin} {...values()} credential={credential(operation())}
              asWhom={isOpen(operation()) ? 'whoever the body names' : isDevelopers(operation()) ? 'you, the developer' : 'the app whose key it is'}
              send={(written) => send(operation(), written)} />
          )}
        </Show>
      </div>
    </>
  )
}
