import { expect, test } from 'vitest'
import { written } from './written.ts'

test('a short value is one line, a long one is indented, none is empty', () => {
  expect(written({ level: 'debug' })).toBe('{"level":"debug"}')
  expect(written({ level: 'debug', because: 'x'.repeat(50) })).toContain('\n  "level": "debug"')
  expect(written(undefined)).toBe('')
})
