//! Permission to play, from the platform to the player, with its refusals in words.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import { isPassing, type Problem } from '@bijou/api-client/problem.ts'
import type { Playback } from '@bijou/api-client/types.ts'
import type { OpenFilm, Refusal } from '@bijou/player/source.ts'

/** Pauses between tries while playback is away, in ms: about the time a restart takes, twice. */
const PAUSES_MS = [300, 700, 1500, 3000, 5000]

export function opener(bijou: Bijou, titleId: string, episodeId: string | undefined, opened: (playback: Playback) => void): OpenFilm {
  return async () => {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await bijou.play(titleId, episodeId)
      if (answer.ok) {
        opened(answer.value)
        const { manifest, duration_s, expires_at } = answer.value
        return { manifest: manifest.hls, duration_s, expires_at }
      }
      const pause = PAUSES_MS[attempt]
      if (!isPassing(answer.problem) || pause === undefined) return refusalOf(answer.problem)
      await new Promise((done) => setTimeout(done, pause))
    }
  }
}

export function refusalOf(problem: Problem): Refusal {
  const request = problem.request_id ? { requestId: problem.request_id } : {}
  if (problem.status === 404 || problem.status === 409) {
    return { title: 'No film yet', words: 'It can be played as soon as its film has been added. The others play as always.', ...request }
  }
  if (isPassing(problem)) {
    return { title: 'The projector does not answer', words: 'Home and every film’s page still work. Try again in a moment.', ...request }
  }
  return { title: problem.title, words: problem.detail ?? 'The platform said no. Try again, or choose another film.', ...request }
}
