import { expect, test } from 'vitest'
import { CALLS, curl, shown } from './calls.ts'

test('JSON is laid out, everything else is left as it is', () => {
  expect(shown('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(shown('{"cursor":"x"}\n{"titles":2}')).toBe('{"cursor":"x"}\n{"titles":2}')
  expect(shown('<rss/>')).toBe('<rss/>')
})

test('a long answer says how much is left out', () => {
  expect(shown('x'.repeat(6010))).toMatch(/… 10 characters more$/)
})

test('every call can be typed', () => {
  for (const { path } of CALLS) expect(curl('https://films.example', path)).toContain(`"https://films.example${path}"`)
})
