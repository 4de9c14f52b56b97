//! Where this person stopped, told to profiles by a queue that outlives the page and profiles' absence.
//! Loaded with the app, so that what was left over from last time is told before anything is watched.

import { deliveryOf, PositionQueue } from '@bijou/player/positions.ts'
import { bijou, onSignOut } from '../platform.ts'

export const positions = new PositionQueue({
  profile: () => bijou.transport.profile,
  send: async (playable, report, keepalive) => {
    const answer = await bijou.mine.keepPosition(playable, report, keepalive)
    return answer.ok ? 'taken' : deliveryOf(answer.problem.status)
  },
  storage: localStorage,
})

globalThis.addEventListener('online', () => void positions.flush())
bijou.transport.onProfile(() => void positions.flush())
onSignOut(() => positions.clear())
