//! The audit: who changed what, from what to what, and why; refused tries too. And whether its chain is whole.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { AuditEntry, AuditFilter, AuditVerdict } from '@bijou/api-client/console.ts'
import { Notice } from '@bijou/ui/Notice.tsx'
import { console_, noticing } from './operator.ts'
import { dayAndTime } from './words.ts'

export function AuditPage() {
  const [entries, setEntries] = createSignal<AuditEntry[]>([])
  const [next, setNext] = createSignal<number>()
  const [failed, setFailed] = createSignal(false)
  const [verdict, setVerdict] = createSignal<AuditVerdict>()
  const [filter, setFilter] = createSignal<AuditFilter>({})
  const load = async (before?: number) => {
    const asked = filter()
    const answer = noticing(await console_.audit(before === undefined ? asked : { ...asked, before }))
    // Somebody typed on meanwhile: that answer is on its way, too.
    if (asked !== filter()) return
    setFailed(!answer.ok)
    if (!answer.ok) return
    setEntries(before === undefined ? answer.value.items : [...entries(), ...answer.value.items])
    setNext(answer.value.next)
  }
  const verify = async () => {
    const answer = noticing(await console_.verifyAudit())
    setVerdict(answer.ok ? answer.value : undefined)
  }
  const narrow = (name: 'actor' | 'action' | 'target') => (event: Event) => {
    setFilter({ ...filter(), [name]: (event.currentTarget as HTMLInputElement).value.trim() })
    void load()
  }
  onMount(() => {
    void load()
    void verify()
  })
  return (
    <main class="page">
      <h1>Audit</h1>
      <p class="quiet" role="status"><Chain verdict={verdict()} /></p>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>Who <input type="search" onChange={narrow('actor')} /></label>
        <label>Action <input type="search" onChange={narrow('action')} /></label>
        <label>Target contains <input type="search" onChange={narrow('target')} /></label>
      </form>
      <Show when={!failed()} fallback={<Notice urgent title="The audit did not come" action={{ label: 'Try again', run: () => void load() }}>The console or its database does not answer.</Notice>}>
        <section class="panel">
          <div class="scroll" tabindex="0" role="region" aria-label="Table of changes">
            <table class="table">
              <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Why</th></tr></thead>
              <tbody>
                <For each={entries()} fallback={<tr><td colspan="6">Nothing was changed yet, or nothing that fits.</td></tr>}>
                  {(entry) => (
                    <tr>
                      <td class="mono">{dayAndTime(entry.at)}</td>
                      <td>{entry.actor}</td>
                      <th scope="row"><span class="strong">{entry.action}</span><span class="under mono">{entry.target}</span></th>
                      <td class="mono">{told(entry.before)}</td>
                      <td class="mono">{told(entry.after)}</td>
                      <td>{entry.reason}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </div>
          <Show when={next()}>{(before) => <p><button type="button" class="button button--small" onClick={() => void load(before())}>Older</button></p>}</Show>
        </section>
      </Show>
    </main>
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

const told = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))
