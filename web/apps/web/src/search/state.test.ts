import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Found, FoundTitle } from '@bijou/api-client/types.ts'
import { factsOf, PAUSE_MS, Searcher, worthSaying, type SearchState } from './state.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const nothing: Found = { items: [] }

function searcherOf(answers: Record<string, () => Promise<unknown>> = {}) {
  const asked: string[] = []
  const told: SearchState[] = []
  const searcher = new Searcher({
    search: (async ({ q }: { q: string }) => {
      asked.push(q)
      return (await answers[q]?.()) ?? { ok: true, value: nothing }
    }) as never,
    suggest: (async () => ({ ok: true, value: { items: [] } })) as never,
  }, (state) => void told.push(state))
  return { searcher, asked, told }
}

test('somebody who types fast asks once', async () => {
  const { searcher, asked, told } = searcherOf()
  for (const q of ['n', 'no', 'nos']) {
    searcher.ask({ q }, undefined, 'soon')
    await vi.advanceTimersByTimeAsync(PAUSE_MS / 2)
  }
  await vi.advanceTimersByTimeAsync(PAUSE_MS)
  expect(asked).toEqual(['nos'])
  expect(told.at(-1)).toEqual({ kind: 'found', asked: { q: 'nos' }, found: nothing })
})

test('an answer that was overtaken is not shown', async () => {
  let late: (answer: unknown) => void = () => undefined
  const { searcher, told } = searcherOf({ slow: () => new Promise((done) => (late = done)) })
  searcher.ask({ q: 'slow' }, undefined, 'once')
  await vi.advanceTimersByTimeAsync(1)
  searcher.ask({ q: 'fast' }, undefined, 'once')
  await vi.advanceTimersByTimeAsync(1)
  late({ ok: true, value: { items: [], corrected: 'late' } })
  await vi.advanceTimersByTimeAsync(1)
  expect(told.at(-1)).toMatchObject({ kind: 'found', asked: { q: 'fast' } })
})

test('nothing typed and nothing chosen is no question', async () => {
  const { searcher, asked, told } = searcherOf()
  searcher.ask({ q: '  ' }, undefined, 'once')
  await vi.advanceTimersByTimeAsync(PAUSE_MS)
  expect([asked, told]).toEqual([[], [{ kind: 'idle' }]])
})

test('a suggestion that only repeats what was typed is none', () => {
  const say = (text: string) => ({ text, kind: 'movie' as const, id: text })
  expect(worthSaying([say('Spring'), say('Spring Awakening'), say('spring awakening')], ' spring ').map((each) => each.text)).toEqual(['Spring Awakening'])
})

test('what was found by its people says by whom', () => {
  const hit = (matched: FoundTitle['matched']) => ({ year: 1926, kind: 'movie', genres: [{ id: 'comedy', name: 'Comedy' }], matched }) as FoundTitle
  expect(factsOf(hit({ name: 'The General' }))).toBeUndefined()
  expect(factsOf(hit({ people: [{ id: 'bk', name: 'Buster Keaton' }] }))).toBe('1926 · Buster Keaton')
})
