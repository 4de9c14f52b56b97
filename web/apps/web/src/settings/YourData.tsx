//! Everything the house knows of a profile, as one archive; and the way to make it forget.

import { createSignal, Match, onCleanup, Switch } from 'solid-js'
import type { Export } from '@bijou/api-client/types.ts'
import { pathOf } from '../places.ts'
import { bijou, me } from '../platform.ts'

type State = { kind: 'none' } | { kind: 'making'; job: Export | undefined } | { kind: 'ready'; id: string; missing: string[] } | { kind: 'failed'; words: string }

const AGAIN_MS = 1000
/** An archive takes seconds; after minutes something is wrong. */
const TRIES_MAX = 180

export function YourData() {
  const [state, setState] = createSignal<State>({ kind: 'none' })
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))

  const make = async () => {
    const id = me()?.id
    if (!id) return
    setState({ kind: 'making', job: undefined })
    const begun = await bijou.mine.beginExport(id)
    if (!begun.ok) return void setState({ kind: 'failed', words: 'The archive was not begun: profiles does not answer. Try again in a moment.' })
    follow(begun.value, 0)
  }
  const follow = (job: Export, tries: number) => {
    if (job.state === 'ready') return void setState({ kind: 'ready', id: job.id, missing: job.missing ?? [] })
    if (job.state === 'failed' || tries >= TRIES_MAX) return void setState({ kind: 'failed', words: 'The archive could not be made. Nothing was lost; try again later.' })
    setState({ kind: 'making', job })
    timer = setTimeout(() => void bijou.mine.export(job.id).then((next) => follow(next.ok ? next.value : job, tries + 1)), AGAIN_MS)
  }
  const fetchIt = async (id: string) => {
    const archive = await bijou.mine.archive(id)
    if (!archive.ok) return void setState({ kind: 'failed', words: 'The archive did not come. Make a new one in a moment.' })
    const url = URL.createObjectURL(archive.value)
    const link = Object.assign(document.createElement('a'), { href: url, download: `bijou-${me()?.name.toLowerCase().replaceAll(/\W+/g, '-') ?? 'profile'}.zip` })
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }
  const making = () => {
    const now = state()
    return now.kind === 'making' ? now : undefined
  }
  const ready = () => {
    const now = state()
    return now.kind === 'ready' ? now : undefined
  }
  const failed = () => {
    const now = state()
    return now.kind === 'failed' ? now : undefined
  }
  return (
    <div class="data">
      <p class="quiet">One archive of plain files: profile, preferences, what was watched and where it stopped, the list, thumbs and picks, and what
        other services keep about this profile. Its README says what each file is.</p>
      <div class="ways" data-focus-row>
        <Switch fallback={<button type="button" class="button button--small" id="export" onClick={() => void make()}>Make an archive</button>}>
          <Match when={making()}>
            {(now) => (
              <p role="status">Making the archive <progress value={now().job?.parts_done ?? 0} max={now().job?.parts_total ?? 1} aria-label="Archive" /></p>
            )}
          </Match>
          <Match when={ready()}>
            {(now) => <button type="button" class="button button--small button--main" id="export-fetch" onClick={() => void fetchIt(now().id)}>Download the archive</button>}
          </Match>
        </Switch>
        <a class="button button--small button--quiet" id="to-history" href={pathOf({ kind: 'history' })}>What was watched</a>
        <a class="button button--small button--quiet" id="to-delete" href={pathOf({ kind: 'profile', id: me()?.id ?? '' })}>Delete this profile</a>
      </div>
      <p class="said" role="status">
        {(ready()?.missing.length ?? 0) > 0 ? `Not in it: what ${ready()?.missing.join(' and ')} knows, which did not answer. A new archive in a moment may be whole.` : ''}
      </p>
      <p class="refused" role="alert">{failed()?.words}</p>
    </div>
  )
}
