//! One session: what was done, in order, and how it played.

import { createSignal, onMount, Show } from 'solid-js'
import type { SessionStory } from '@bijou/api-client/console.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { KeyValues } from '../parts/KeyValues.tsx'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { dayAndTime, ms, time } from '../words.ts'
import { playerWords } from './playerWords.ts'

export default function SessionPage(props: PageProps<'session'>) {
  const [story, setStory] = createSignal<SessionStory>()
  const [problem, setProblem] = createSignal<Problem>()
  const load = async () => {
    const answer = noticing(await console_.sessionStory(props.to.id))
    setProblem(answer.ok ? undefined : answer.problem)
    if (answer.ok) setStory(answer.value)
  }
  onMount(() => void load())
  return (
    <div class="page">
      <a class="back" href={fragmentOf({ kind: 'sessions' })}>Sessions</a>
      <Show when={problem()}>{(problem) => <ProblemNote level={1} what="This session did not come" problem={problem()} again={() => void load()} />}</Show>
      <Show when={story()}>{(story) => <Told story={story()} />}</Show>
    </div>
  )
}

function Told(props: { story: SessionStory }) {
  return (
    <>
      <h1>A session</h1>
      <KeyValues facts={[
        { name: 'Account', value: props.story.account, mono: true },
        { name: 'Began', value: dayAndTime(props.story.began_at) },
        { name: 'Ended', value: dayAndTime(props.story.ended_at) },
        props.story.devices.length > 0 ? { name: 'On', value: props.story.devices.join(', ') } : undefined,
      ]} />
      <section class="panel" aria-label="How it played">
        <h2>How it played</h2>
        <Table label="Table of playbacks" rows={props.story.playbacks} key={(playback) => playback.id} empty="Nothing was played."
          columns={[
            { name: 'Title', names: true, cell: (playback) => <>{playback().title_id ?? 'unknown'}<span class="under">{playback().device}</span></> },
            { name: 'First picture', number: true, cell: (playback) => (playback().startup_ms === undefined ? '' : ms(playback().startup_ms!)) },
            { name: 'Ran dry', number: true, cell: (playback) => `${playback().stalls} × ${ms(playback().stalled_ms)}` },
            { name: 'Switches', number: true, cell: (playback) => playback().switches },
            { name: 'Errors', number: true, cell: (playback) => <>{playback().errors > 0 && '✕ '}{playback().errors}</> },
            { name: 'kbit/s', number: true, cell: (playback) => playback().bitrate_kbps },
            { name: 'The player said', cell: (playback) => playerWords(playback()) },
            { name: 'Segments seen', number: true, cell: (playback) => `${playback().segments}, ${Math.round(playback().segment_bytes / 1000)} kB` },
            { name: 'Reached', number: true, cell: (playback) => (playback().position_s === undefined ? '' : `${playback().position_s!.toFixed(0)} s`) },
          ]} />
      </section>
      <section class="panel" aria-label="What happened">
        <h2>What happened</h2>
        <Table label="Time line" rows={props.story.moments.map((moment, at) => ({ ...moment, at_index: at }))} key={(moment) => String(moment.at_index)} empty="Nothing is kept."
          columns={[
            { name: 'When', class: 'mono', cell: (moment) => time(moment().at) },
            { name: 'What', cell: (moment) => <span class={`mark-outcome mark-outcome--${moment().outcome}`}>{moment().outcome !== 'ok' && <span aria-hidden="true">✕ </span>}{moment().kind}</span> },
            { name: 'Words', names: true, cell: (moment) => <Show when={moment().trace_id} fallback={moment().words}>{(id) => <a href={fragmentOf({ kind: 'story', id: id() })}>{moment().words}</a>}</Show> },
          ]} />
      </section>
    </>
  )
}
