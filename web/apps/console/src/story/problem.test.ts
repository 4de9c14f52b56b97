import { expect, test } from 'vitest'
import type { Span } from '@bijou/api-client/console.ts'
import { returned } from './problem.ts'

const span = (role: string, problem?: unknown): Span =>
  ({ role, attributes: problem === undefined ? {} : { 'bijou.problem': typeof problem === 'string' ? problem : JSON.stringify(problem) } }) as unknown as Span

test('the problem that went out is told with all its members, by who made it', () => {
  const lived = { status: 503, code: 'overloaded', title: 'Busy' }
  const out = { status: 409, code: 'too-many-streams', title: 'Too many', detail: 'four play', streams: [1] }
  const story = { status: 409, spans: [span('gateway'), span('playback', out), span('catalog', lived)] }
  expect(returned(story)).toEqual({ role: 'playback', code: 'too-many-streams', title: 'Too many', detail: 'four play', members: [['streams', [1]]] })
})

test('what is no problem, or was lived through, is not told', () => {
  expect(returned({ status: 200, spans: [span('catalog', { status: 503, code: 'x', title: 'y' })] })).toBeUndefined()
  expect(returned({ status: 500, spans: [span('a', '{'), span('b', '7'), span('c')] })).toBeUndefined()
})
