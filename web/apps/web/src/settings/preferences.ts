//! What the person who watches likes to have: asked for once, used by settings and player, kept at once.

import { createSignal } from 'solid-js'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { Preferences } from '@bijou/api-client/types.ts'
import { bijou, me, onOtherPerson } from '../platform.ts'

/** As profiles has them for somebody who never chose. */
export const USUAL: Preferences = { autoplay: true, captions: { size: 'medium', colour: 'white', background: 'shade' } }

const [preferences, setPreferences] = createSignal<Preferences>(USUAL)
export { preferences }

let loading: Promise<Answer<Preferences>> | undefined

/** Without an answer the usual ones are used, and the next one who needs them asks again. */
export function loadPreferences(): Promise<Answer<Preferences>> {
  if (!me()) return Promise.resolve({ ok: true, value: USUAL })
  loading ??= (async () => {
    const whose = me()?.id
    const answer = await bijou.mine.preferences()
    if (whose !== me()?.id) return answer
    if (answer.ok) setPreferences({ ...USUAL, ...answer.value, captions: { ...USUAL.captions, ...answer.value.captions } })
    else loading = undefined
    return answer
  })()
  return loading
}

export async function changePreferences(change: (before: Preferences) => Preferences): Promise<Answer<void>> {
  const before = preferences()
  const after = change(before)
  setPreferences(after)
  const answer = await bijou.mine.setPreferences(after)
  if (answer.ok) return { ok: true, value: undefined }
  // What was changed since then is not taken back with it.
  if (preferences() === after) setPreferences(before)
  return answer
}

onOtherPerson(() => {
  loading = undefined
  setPreferences(USUAL)
})
