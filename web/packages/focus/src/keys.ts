//! What a key means to the page. Remote controls have more names for the same; `tv/remote.ts` of the app knows those.

import type { Step } from './place.ts'

export type Meaning = Step | 'ok' | 'back' | 'more'

export type Keyed = Pick<KeyboardEvent, 'key' | 'keyCode'>

const KEYS: Readonly<Record<string, Meaning>> = {
  ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Home: 'first', End: 'last',
  Enter: 'ok', Escape: 'back', GoBack: 'back', BrowserBack: 'back',
}

export const keyboard = (event: Keyed): Meaning | undefined => KEYS[event.key]
