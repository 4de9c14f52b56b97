//! Partners' apps that ask for production: let in or not, with a reason that the audit keeps.

import { createSignal, onMount, Show } from 'solid-js'
import type { PartnerApp } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { Confirm, type Asked } from '../parts/Confirm.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { dayAndTime } from '../words.ts'
import { GoingAway } from './GoingAway.tsx'

type Decision = 'approve' | 'decline'

const ASKED: Record<Decision, (app: PartnerApp) => Asked> = {
  approve: (app) => ({ title: `Let ${app.name} into production`, what: 'It gets production’s larger quotas, and its developer can make production keys and client secrets.', label: 'Approve' }),
  decline: (app) => ({ title: `Refuse ${app.name}`, what: 'It stays in the sandbox, with the key it has. Its developer reads the reason in the portal, and can ask again.', label: 'Refuse' }),
}
const DONE: Record<Decision, string> = { approve: 'is in production', decline: 'stays in the sandbox' }

export default function PartnersPage() {
  const [apps, setApps] = createSignal<PartnerApp[]>()
  const [problem, setProblem] = createSignal<Problem>()
  const [chosen, setChosen] = createSignal<{ app: PartnerApp; decision: Decision }>()
  const [said, setSaid] = createSignal('')
  const load = async () => {
    const answer = noticing(await console_.partnerRequests())
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setApps(answer.value.items)
  }
  onMount(() => void load())
  const decide = async (app: PartnerApp, decision: Decision, reason: string): Promise<string | undefined> => {
    const done = noticing(await console_.decidePartnerApp(app.id, decision, reason))
    if (!done.ok) return done.problem.detail ?? done.problem.title
    setChosen(undefined)
    setSaid(`${app.name} ${DONE[decision]}.`)
    await load()
    return undefined
  }
  return (
    <div class="page">
      <h1>Partners</h1>
      <p class="quiet">Apps of partners that ask for production. Every decision is recorded in the <a href={fragmentOf({ kind: 'audit' }, { action: 'partner.decide' })}>audit</a>.</p>
      <p role="status" class="said">{said()}</p>
      <Show when={problem()}>{(problem) => <ProblemNote what="The apps did not come" problem={problem()} again={() => void load()} />}</Show>
      <Show when={apps()}>
        {(apps) => (
          <section class="panel" aria-label="Waiting">
            <Table label="Table of apps that wait" rows={apps()} key={(app) => app.id} empty="Nobody waits. An app appears here when its developer asks for production in the portal."
              columns={[
                { name: 'App', names: true, by: (app) => app.name, cell: (app) => <><span class="strong">{app().name}</span><span class="under mono">{app().id}</span></> },
                {
                  name: 'Decide', nameHidden: true, cell: (app) => (
                    <span class="page__actions">
                      <button type="button" class="button button--small" aria-label={`Approve ${app().name}`} onClick={() => setChosen({ app: app(), decision: 'approve' })}>Approve…</button>
                      <button type="button" class="button button--small" aria-label={`Refuse ${app().name}`} onClick={() => setChosen({ app: app(), decision: 'decline' })}>Refuse…</button>
                    </span>
                  ),
                },
                { name: 'Since', class: 'mono', by: (app) => app.created_at, cell: (app) => dayAndTime(app().created_at) },
                { name: 'Scopes', cell: (app) => app().scopes.join(', ') },
                { name: 'Calls now', cell: (app) => <>{app().per_minute} a minute<span class="under">{app().per_day} a day</span></> },
              ]} />
          </section>
        )}
      </Show>
      <GoingAway />
      <Show when={chosen()} keyed>
        {({ app, decision }) => <Confirm asked={ASKED[decision](app)} run={(given) => decide(app, decision, String(given.get('reason') ?? ''))} close={() => setChosen(undefined)} />}
      </Show>
    </div>
  )
}
