//! The one focus engine of the app, and what Back means where nothing on the screen took it.

import { installFocus } from '@bijou/focus/engine.ts'
import { goBack, here } from './router.ts'
import { isTv } from './tv/mode.ts'

/** What only a television has, loaded there and nowhere else. */
type Remote = typeof import('./tv/remote.ts')

let remote: Remote | undefined

export const focus = installFocus(document.body, { always: isTv, keys: (event) => remote?.meaning(event), back })

/** On a television: larger tokens and the remote's keys, before anything is drawn. */
export async function becomeTv(): Promise<void> {
  if (!isTv()) return
  remote = await import('./tv/remote.ts')
  await import('./tv/tv.css')
  remote.registerKeys()
  focus.arrive()
}

function back(): boolean {
  if (here().kind !== 'home') {
    goBack({ kind: 'home' })
    return true
  }
  // From the depth of the foyer first to its top; from there out of the house.
  return focus.top() || (remote?.leaveApp() ?? false)
}
