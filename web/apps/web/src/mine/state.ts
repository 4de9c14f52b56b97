//! The list and the thumbs of the person who watches: asked for once, changed at once, put right when the platform says no.

import { createSignal } from 'solid-js'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { Thumb } from '@bijou/api-client/types.ts'
import { outdateHome } from '../home/state.ts'
import { bijou, me, onOtherPerson } from '../platform.ts'

const [listed, setListed] = createSignal<ReadonlySet<string>>(new Set())
const [thumbs, setThumbs] = createSignal<ReadonlyMap<string, Thumb>>(new Map())
/** False until both are known, or when profiles is away: then nothing is offered that could not be kept. */
const [isKnown, setIsKnown] = createSignal(false)
export { isKnown, listed, thumbs }

let loading: Promise<void> | undefined

export function loadMine(): Promise<void> {
  if (!me()) return Promise.resolve()
  loading ??= (async () => {
    const whose = me()?.id
    const [list, verdicts] = await Promise.all([bijou.mine.list(), bijou.mine.thumbs()])
    if (whose !== me()?.id) return
    // The next screen asks again.
    if (!list.ok || !verdicts.ok) return void (loading = undefined)
    setListed(new Set(list.value.items.map((each) => each.title_id)))
    setThumbs(new Map(verdicts.value.items.map((each) => [each.title_id, each.value])))
    setIsKnown(true)
  })()
  return loading
}

export function forgetMine(): void {
  loading = undefined
  setIsKnown(false)
  setListed(new Set<string>())
  setThumbs(new Map<string, Thumb>())
}
onOtherPerson(forgetMine)

export async function setOnList(title: string, on: boolean): Promise<Answer<void>> {
  const before = listed()
  setListed(on ? new Set([...before, title]) : new Set([...before].filter((each) => each !== title)))
  const answer = await (on ? bijou.mine.enlist(title) : bijou.mine.unlist(title))
  if (answer.ok) outdateHome()
  else setListed(before)
  return answer
}

export async function setThumb(title: string, value: Thumb | undefined): Promise<Answer<void>> {
  const before = thumbs()
  const after = new Map(before)
  if (value) after.set(title, value)
  else after.delete(title)
  setThumbs(after)
  const answer = await (value ? bijou.mine.rate(title, value) : bijou.mine.unrate(title))
  if (answer.ok) outdateHome()
  else setThumbs(before)
  return answer
}
