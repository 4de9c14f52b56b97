//! Permission to play, from the platform to the player, with its refusals in words.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import { isPassing, type Problem } from '@bijou/api-client/problem.ts'
import type { Playback, Stream } from '@bijou/api-client/types.ts'
import type { OpenFilm, Refusal } from '@bijou/player/source.ts'

/** Pauses between tries while playback is away, in ms: about the time a restart takes, twice. */
const PAUSES_MS = [300, 700, 1500, 3000, 5000]

export interface Opening {
  titleId: string
  episodeId: string | undefined
  deviceName: string
  /** A stream of the household that ends for this one. */
  takeOver?: string | undefined
  opened: (playback: Playback) => void
  /** The household watches on as many devices as it may: these. */
  crowded: (streams: Stream[]) => void
}

export function opener(bijou: Pick<Bijou, 'play'>, opening: Opening): OpenFilm {
  const { titleId, episodeId, deviceName } = opening
  let before: string | undefined
  return async () => {
    for (let attempt = 0; ; attempt += 1) {
      // A new token is asked for in the place of the old one, not in another place beside it.
      const answer = await bijou.play(titleId, episodeId, { take_over: before ?? opening.takeOver, device_name: deviceName })
      if (answer.ok) {
        before = answer.value.id
        opening.opened(answer.value)
        const { manifest, duration_s, expires_at, resume_position_s } = answer.value
        return { manifest: manifest.hls, session: answer.value.id, content: episodeId ?? titleId, duration_s, expires_at, ...(resume_position_s !== undefined && { resume_position_s }) }
      }
      const streams = streamsIn(answer.problem)
      if (streams) opening.crowded(streams)
      const pause = PAUSES_MS[attempt]
      if (!isPassing(answer.problem) || pause === undefined) return refusalOf(answer.problem)
      await new Promise((done) => setTimeout(done, pause))
    }
  }
}

export function streamsIn(problem: Problem): Stream[] | undefined {
  const streams = problem.more?.['streams']
  return problem.code === 'too-many-streams' && Array.isArray(streams) ? (streams as Stream[]) : undefined
}

/** Why a report was not taken: this playback is over, here and for good. */
export function overBy(problem: Problem): 'taken-over' | 'over' | undefined {
  if (problem.code === 'taken-over') return 'taken-over'
  return problem.code === 'playback-over' || problem.status === 410 ? 'over' : undefined
}

export function refusalOf(problem: Problem): Refusal {
  const request = problem.request_id ? { requestId: problem.request_id } : {}
  if (problem.code === 'too-many-streams') {
    return { title: 'All seats are taken', words: 'Your household watches on as many devices as it may.', ...request }
  }
  if (problem.status === 403) {
    return { title: 'Not for this profile', words: 'This film is above what the profile may see. Everything in its foyer plays.', ...request }
  }
  if (problem.status === 404 || problem.status === 409) {
    return { title: 'No film yet', words: 'It can be played as soon as its film has been added. The others play as always.', ...request }
  }
  if (isPassing(problem)) {
    return { title: 'The projector does not answer', words: 'Home and every film’s page still work. Try again in a moment.', ...request }
  }
  return { title: problem.title, words: problem.detail ?? 'The platform said no. Try again, or choose another film.', ...request }
}
