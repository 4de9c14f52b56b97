//! A remote control before a film: left and right wind, OK pauses, the keys of films do as they say; the rest is focus.

import type { Command } from '@bijou/player/keys.ts'
import { mediaKey } from '../tv/remote.ts'

export function remoteCommand(event: Pick<KeyboardEvent, 'key' | 'keyCode'>, onPicture: boolean): Command | undefined {
  switch (mediaKey(event)) {
    case 'MediaPlay': case 'MediaPause': case 'MediaPlayPause': return { kind: 'toggle-play' }
    case 'MediaRewind': return { kind: 'seek-by', seconds: -30 }
    case 'MediaFastForward': return { kind: 'seek-by', seconds: 30 }
    case 'MediaStop': return { kind: 'leave' }
  }
  if (!onPicture) return undefined
  switch (event.key) {
    case 'ArrowLeft': return { kind: 'seek-by', seconds: -10 }
    case 'ArrowRight': return { kind: 'seek-by', seconds: 10 }
    case 'Enter': return { kind: 'toggle-play' }
    default: return undefined
  }
}
