//! What is going away of the partners' API, and which apps still call it: whom to write to before the day comes.

import { createSignal, For, onMount, Show } from 'solid-js'
import type { PartnerDeprecation } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { dayAndTime } from '../words.ts'

export function GoingAway() {
  const [items, setItems] = createSignal<PartnerDeprecation[]>()
  const [problem, setProblem] = createSignal<Problem>()
  const load = async () => {
    const answer = noticing(await console_.partnerDeprecations())
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setItems(answer.value.items)
  }
  onMount(() => void load())
  return (
    <>
      <h2>Going away</h2>
      <p class="quiet">Operations that are announced in <code>partners.deprecations</code>, and who has called them in the last thirty days.</p>
      <Show when={problem()}>{(problem) => <ProblemNote what="What is going away did not come" problem={problem()} again={() => void load()} />}</Show>
      <Show when={items()}>
        {(items) => (
          <section class="panel" aria-label="Going away">
            <Table label="Table of operations that are going away" rows={items()} key={(item) => `${item.method} ${item.path}`}
              empty="Nothing is going away. What is announced shows here, with the apps that still call it."
              columns={[
                { name: 'Operation', names: true, by: (item) => item.path, cell: (item) => <><span class="mono">{item().method} {item().path}</span><span class="under">{item().operation}</span></> },
                { name: 'Since', class: 'mono', by: (item) => item.since, cell: (item) => dayAndTime(item().since) },
                { name: 'Answers until', class: 'mono', by: (item) => item.sunset, cell: (item) => dayAndTime(item().sunset) },
                { name: 'Calls', number: true, by: (item) => item.calls, cell: (item) => item().calls },
                {
                  name: 'Still calling', cell: (item) => (
                    <Show when={item().apps.length > 0} fallback={<span class="quiet">nobody</span>}>
                      <For each={item().apps}>
                        {(app) => <span class="under"><span class="strong">{app.name}</span> {app.calls} times, last on {app.days[0]?.day} <span class="mono">{app.id}</span></span>}
                      </For>
                    </Show>
                  ),
                },
              ]} />
          </section>
        )}
      </Show>
    </>
  )
}
