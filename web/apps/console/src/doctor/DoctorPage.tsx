//! The title doctor: why a title is or is not there for somebody. The question is the address, so an answer can be passed on.

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import type { Diagnosis, DoctorCase, DoctorCheck } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { Json } from '../parts/Json.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { query } from '../places.ts'
import './doctor.css'

const FILTERS: readonly Filter[] = [
  { kind: 'text', name: 'title', label: 'Title id' },
  { kind: 'text', name: 'territory', label: 'Country' },
  { kind: 'text', name: 'profile', label: 'Profile id' },
  { kind: 'text', name: 'account', label: 'Account id' },
  { kind: 'text', name: 'at', label: 'At (RFC 3339)' },
  {
    kind: 'choice', name: 'device', label: 'Device',
    choices: [['avc1,mp4a', 'a browser'], ['avc1.640028,mp4a.40.2', 'a television (H.264 4.0)'], ['avc1.64001f,mp4a.40.2', 'an old television (H.264 3.1)']],
  },
]

const NAMES: Readonly<Record<string, string>> = {
  catalog: 'In the catalog', offer: 'Offered there and then', maturity: 'Fit for the profile', playable: 'There is something to play',
  device: 'The device plays it', heard: 'Shown as playable', search: 'In the search index', recommendations: 'May be recommended', taste: 'Not put away by the profile',
}

const MARKS = { ok: '●', blocks: '✕', unknown: '?' } as const
const VERDICTS = { ok: 'fine', blocks: 'in the way', unknown: 'nobody can say' } as const

export default function DoctorPage() {
  const [diagnosis, setDiagnosis] = createSignal<Diagnosis>()
  const [problem, setProblem] = createSignal<Problem>()
  const title = createMemo(() => (query()['title'] ?? '').trim())
  const asked = createMemo((): DoctorCase => {
    const { territory = '', profile = '', account = '', at = '', device = '' } = query()
    return { territory: territory.trim().toUpperCase(), profile: profile.trim(), account: account.trim(), at: at.trim(), device }
  })
  const question = createMemo(() => JSON.stringify([title(), asked()]))
  const load = async () => {
    const now = question()
    if (title() === '') return void (setDiagnosis(undefined), setProblem(undefined))
    const answer = noticing(await console_.examine(title(), asked()))
    // Somebody typed on meanwhile: that answer is on its way, too.
    if (now !== question()) return
    setProblem(answer.ok ? undefined : answer.problem)
    setDiagnosis(answer.ok ? answer.value : undefined)
  }
  createEffect(on(question, () => void load()))
  return (
    <div class="page">
      <h1>Title doctor</h1>
      <p class="quiet">Why somebody does or does not see a title: each service answers for its own part.</p>
      <FilterBar filters={FILTERS} label="Whose view of which title" />
      <Show when={problem()}>{(problem) => <ProblemNote what="The title was not examined" problem={problem()} again={() => void load()} />}</Show>
      <Show when={title() === ''}><p class="quiet">Name a title by its id, as its page’s address has it.</p></Show>
      <Show when={diagnosis()}>{(diagnosis) => <Told diagnosis={diagnosis()} />}</Show>
    </div>
  )
}

function Told(props: { diagnosis: Diagnosis }) {
  const concerned = (concern: DoctorCheck['concern']) => props.diagnosis.checks.filter((check) => check.concern === concern)
  return (
    <>
      <section class="panel" aria-label="Verdict" role="status">
        <h2><span class={`doctor__mark doctor__mark--${props.diagnosis.verdict}`} aria-hidden="true">{MARKS[props.diagnosis.verdict]}</span> {props.diagnosis.name ?? props.diagnosis.title_id}</h2>
        <p>{props.diagnosis.words}</p>
      </section>
      <Checks name="Can it be watched?" checks={concerned('watching')} />
      <Checks name="Is it come across?" checks={concerned('finding')} />
    </>
  )
}

function Checks(props: { name: string; checks: readonly DoctorCheck[] }) {
  return (
    <section class="panel" aria-label={props.name}>
      <h2>{props.name}</h2>
      <ol class="doctor">
        <For each={props.checks}>
          {(check) => (
            <li class="doctor__check">
              <p><span class={`doctor__mark doctor__mark--${check.verdict}`} aria-hidden="true">{MARKS[check.verdict]}</span> <span class="strong">{NAMES[check.id] ?? check.id}</span>{' '}
                <span class="faint">{VERDICTS[check.verdict]}, says {check.owner}</span></p>
              <p>{check.words}</p>
              <Show when={Object.keys(check.evidence).length > 0}><details><summary class="faint">Evidence</summary><Json value={check.evidence} /></details></Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  )
}
