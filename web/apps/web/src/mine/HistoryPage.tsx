//! What was watched and when, by day. Anything of it can be forgotten, here and in what is recommended.

import { createEffect, createSignal, For, Match, on, Show, Switch } from 'solid-js'
import type { Problem } from '@bijou/api-client/problem.ts'
import type { HistoryEntry, TitleSummary } from '@bijou/api-client/types.ts'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { BinIcon } from '@bijou/ui/icons.tsx'
import { Notice } from '@bijou/ui/Notice.tsx'
import { Picture } from '@bijou/ui/Picture.tsx'
import { Lines } from '@bijou/ui/Skeleton.tsx'
import { outdateHome } from '../home/state.ts'
import { pathOf } from '../places.ts'
import { bijou, me, member } from '../platform.ts'
import { loadEpisodes } from '../title/state.ts'
import { byDay, episodeNames, howFar } from './history.ts'
import { titlesById } from './titles.ts'
import './HistoryPage.css'

type State =
  | { kind: 'loading' }
  | { kind: 'history'; entries: HistoryEntry[]; titles: Map<string, TitleSummary>; next: string | undefined }
  | { kind: 'problem'; problem: Problem }

export function HistoryPage() {
  const [state, setState] = createSignal<State>({ kind: 'loading' })
  const [said, setSaid] = createSignal('')
  const [sure, setSure] = createSignal(false)
  const [busy, setBusy] = createSignal(false)

  const load = async (cursor?: string) => {
    const before = cursor === undefined ? undefined : history()
    if (!before) setState({ kind: 'loading' })
    const page = await bijou.mine.history(cursor)
    if (!page.ok) {
      if (before) return void setSaid('The rest did not come. Try again in a moment.')
      return void setState({ kind: 'problem', problem: page.problem })
    }
    const titles = await titlesById(bijou, page.value.items.map((each) => each.title_id))
    // Without the catalog the entries have no names, and still can be deleted.
    setState({
      kind: 'history', next: page.value.next, entries: [...(before?.entries ?? []), ...page.value.items],
      titles: new Map([...(before?.titles ?? []), ...(titles.ok ? titles.value : [])]),
    })
  }
  createEffect(on([() => member().kind, () => me()?.id], ([kind]) => void (kind === 'signed-in' && load())))
  const history = () => {
    const now = state()
    return now.kind === 'history' ? now : undefined
  }
  const problem = () => {
    const now = state()
    return now.kind === 'problem' ? now.problem : undefined
  }
  // Which episode it was comes a moment later; the list does not wait for it.
  const [episodes, setEpisodes] = createSignal(new Map<string, string>())
  const asked = new Set<string>()
  createEffect(() => {
    for (const { title_id, episode_id } of history()?.entries ?? []) {
      if (episode_id === undefined || asked.has(title_id)) continue
      asked.add(title_id)
      void loadEpisodes(bijou, title_id).then((found) => found.kind === 'episodes' && setEpisodes(new Map([...episodes(), ...episodeNames(found.seasons)])))
    }
  })
  const nameOf = (entry: HistoryEntry) => history()?.titles.get(entry.title_id)?.name ?? 'A title that has left the programme'
  const forget = async (entry: HistoryEntry) => {
    const answer = await bijou.mine.forget(entry.id)
    setSaid(answer.ok ? `${nameOf(entry)} is forgotten` : 'It is still there: profiles does not answer.')
    const now = state()
    if (!answer.ok || now.kind !== 'history') return
    setState({ ...now, entries: now.entries.filter((each) => each !== entry) })
    outdateHome()
  }
  const forgetAll = async () => {
    setBusy(true)
    const answer = await bijou.mine.forgetAll()
    setBusy(false)
    setSure(false)
    setSaid(answer.ok ? '' : 'Nothing was deleted: profiles does not answer.')
    if (!answer.ok) return
    outdateHome()
    await load()
  }
  return (
    <Switch>
      <Match when={problem()?.code === 'profile-required'}>
        <Notice level={1} title="What was watched belongs to somebody" action={{ label: 'Who is watching?', href: '/profiles' }}>
          Choose a profile first, and it is here.
        </Notice>
      </Match>
      <Match when={problem()}>
        {(problem) => (
          <Notice level={1} urgent title="What you watched cannot be shown" requestId={problem().request_id} action={{ label: 'Try again', run: () => void load() }}>
            Nothing of it is lost, and films play and remember their place as always.
          </Notice>
        )}
      </Match>
      <Match when={history()?.entries.length === 0}>
        <Notice level={1} title="Nothing watched yet" action={{ label: 'To the foyer', href: '/' }}>
          What you watch is listed here, and only here: you can delete any of it.
        </Notice>
      </Match>
      <Match when={true}>
        <div class="page history" aria-busy={state().kind === 'loading'}>
          <div class="page__head">
            <div>
              <h1 tabindex="-1">Watched</h1>
              <p>What you delete is forgotten everywhere: in the rows of the foyer, too.</p>
            </div>
            <Show when={history()}>
              <button type="button" class="button button--quiet button--small" id="forget-all" onClick={() => setSure(true)}>Delete all</button>
            </Show>
          </div>
          <p class="said" role="status">{said()}</p>
          <Show when={history()} fallback={<Lines count={6} />}>
            {(now) => (
              <>
                <For each={byDay(now().entries)}>
                  {(day) => (
                    <section class="history__day">
                      <h2>{day.words}</h2>
                      <ul>
                        <For each={day.entries}>
                          {(entry) => (
                            <li class="entry" data-focus-row>
                              <a class="entry__title" id={`entry-${entry.id}`} href={pathOf({ kind: 'title', id: entry.title_id })}>
                                <span class="entry__picture">
                                  <Show when={now().titles.get(entry.title_id)}>
                                    {(title) => <Picture picture={title().artwork.backdrop} alt="" sizes="8rem" when="lazy" />}
                                  </Show>
                                </span>
                                <span>
                                  <span class="entry__name">{nameOf(entry)}</span>
                                  <Show when={episodes().get(entry.episode_id ?? '')}>{(name) => <span class="entry__episode">{name()}</span>}</Show>
                                  <span class="entry__far faint">{howFar(entry)}</span>
                                </span>
                              </a>
                              <button type="button" class="entry__bin" id={`forget-${entry.id}`} aria-label={`Delete ${nameOf(entry)}`} onClick={() => void forget(entry)}><BinIcon /></button>
                            </li>
                          )}
                        </For>
                      </ul>
                    </section>
                  )}
                </For>
                <Show when={now().next}>
                  {(next) => <p data-focus-row><button type="button" class="button" id="history-more" onClick={() => void load(next())}>Earlier</button></p>}
                </Show>
              </>
            )}
          </Show>
          <Show when={sure()}>
            <Dialog labelledby="forget-title" close={() => setSure(false)} plain>
              <h2 id="forget-title">Forget everything?</h2>
              <p>All that {me()?.name ?? 'this profile'} watched, and where it stopped, is deleted for good. Your list and your thumbs stay.</p>
              <div class="ways" data-focus-row>
                <button type="button" class="button" id="forget-no" onClick={() => setSure(false)}>Keep it</button>
                <button type="button" class="button button--danger" id="forget-yes" disabled={busy()} onClick={() => void forgetAll()}>Delete all</button>
              </div>
            </Dialog>
          </Show>
        </div>
      </Match>
    </Switch>
  )
}
