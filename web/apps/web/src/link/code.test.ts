import { expect, test } from 'vitest'
import { tidy } from './code.ts'

test('codes are read however they are typed', () => {
  for (const text of ['BCDF-GHJK', 'bcdfghjk', ' bcdf ghjk ', 'Bcdf - Ghjk']) expect(tidy(text)).toBe('BCDF-GHJK')
})

test('what has not eight letters is no code', () => {
  for (const text of ['', 'BCDF', 'BCDF-GHJKL', 'BCDF/GHJK']) expect(tidy(text)).toBeUndefined()
})
