//! Partners' apps by their stage, first of all those that ask for production: let in or not, stopped or let go on, with a reason
//! that the audit keeps.

import { createEffect, createSignal, For, on, Show } from 'solid-js'
import type { PartnerApp, PartnerDecision, PartnerStage } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { Confirm, type Asked } from '../parts/Confirm.tsx'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf, query } from '../places.ts'
import { dayAndTime } from '../words.ts'
import { GoingAway } from './GoingAway.tsx'

interface Shown { name: string; empty: string; decisions: readonly PartnerDecision[] }

/** What there is at a stage, and what can be decided there. */
const STAGES: Record<PartnerStage, Shown> = {
  requested: { name: 'Waiting', empty: 'Nobody waits. An app appears here when its developer asks for production in the portal.', decisions: ['approve', 'decline', 'suspend'] },
  production: { name: 'In production', empty: 'No app is in production.', decisions: ['suspend'] },
  suspended: { name: 'Suspended', empty: 'No app is suspended.', decisions: ['resume'] },
  sandbox: { name: 'In the sandbox', empty: 'No app is in the sandbox.', decisions: ['approve', 'suspend'] },
}
const FILTERS: readonly Filter[] = [
  { kind: 'choice', name: 'stage', label: 'Apps', none: 'waiting', choices: [['production', 'in production'], ['suspended', 'suspended'], ['sandbox', 'in the sandbox']] },
]
const LABELS: Record<PartnerDecision, string> = { approve: 'Approve', decline: 'Refuse', suspend: 'Suspend', resume: 'Resume' }

/** What nobody can choose is as good as nothing chosen. */
const stageOf = (asked: string | undefined): PartnerStage => (asked !== undefined && Object.hasOwn(STAGES, asked) ? (asked as PartnerStage) : 'requested')

const ASKED: Record<PartnerDecision, (app: PartnerApp) => Asked> = {
  approve: (app) => ({ title: `Let ${app.name} into production`, what: 'It gets production’s larger quotas, and its developer can make production keys and client secrets.', label: LABELS.approve }),
  decline: (app) => ({ title: `Refuse ${app.name}`, what: 'It stays in the sandbox, with the key it has. Its developer reads the reason in the portal, and can ask again.', label: LABELS.decline }),
  suspend: (app) => ({ title: `Suspend ${app.name}`, what: 'Every key, secret and token of it stops working at once, and it signs nobody in. Its developer reads the reason in the portal.', label: LABELS.suspend }),
  resume: (app) => ({ title: `Let ${app.name} go on`, what: 'It begins in the sandbox again, with the sandbox’s quotas. Its developer can ask for production.', label: LABELS.resume }),
}
const DONE: Record<PartnerDecision, string> = { approve: 'is in production', decline: 'stays in the sandbox', suspend: 'is suspended', resume: 'is in the sandbox again' }

export default function PartnersPage() {
  /** With the stage they were asked for, which another choice must not put its buttons to. */
  const [listed, setListed] = createSignal<{ stage: PartnerStage; apps: PartnerApp[] }>()
  const [problem, setProblem] = createSignal<Problem>()
  const [chosen, setChosen] = createSignal<{ app: PartnerApp; decision: PartnerDecision }>()
  const [said, setSaid] = createSignal('')
  const load = async () => {
    const stage = stageOf(query()['stage'])
    const answer = noticing(await console_.partnerApps(stage))
    // Somebody chose another meanwhile: that answer is on its way, too.
    if (stage !== stageOf(query()['stage'])) return
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setListed({ stage, apps: answer.value.items })
  }
  createEffect(on(query, () => void load()))
  const decide = async (app: PartnerApp, decision: PartnerDecision, reason: string): Promise<string | undefined> => {
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
      <p class="quiet">Apps of partners. Every decision is recorded in the <a href={fragmentOf({ kind: 'audit' }, { action: 'partner.decide' })}>audit</a>.</p>
      <p role="status" class="said">{said()}</p>
      <Show when={problem()}>{(problem) => <ProblemNote what="The apps did not come" problem={problem()} again={() => void load()} />}</Show>
      <FilterBar filters={FILTERS} label="Which apps" />
      <Show when={listed()}>
        {(listed) => (
          <section class="panel" aria-label={STAGES[listed().stage].name}>
            <Table label="Table of apps" rows={listed().apps} key={(app) => app.id} empty={STAGES[listed().stage].empty}
              columns={[
                { name: 'App', names: true, by: (app) => app.name, cell: (app) => <><span class="strong">{app().name}</span><span class="under mono">{app().id}</span><Show when={app().reason}>{(reason) => <span class="under">“{reason()}”</span>}</Show></> },
                {
                  name: 'Decide', nameHidden: true, cell: (app) => (
                    <span class="page__actions">
                      <For each={STAGES[listed().stage].decisions}>
                        {(decision) => (
                          <button type="button" class="button button--small" aria-label={`${LABELS[decision]} ${app().name}`} onClick={() => setChosen({ app: app(), decision })}>
                            {LABELS[decision]}…
                          </button>
                        )}
                      </For>
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
