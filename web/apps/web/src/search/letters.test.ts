import { expect, test } from 'vitest'
import { CLEAR, DELETE, LETTERS, SPACE, written } from './letters.ts'

const after = (...keys: string[]) => keys.reduce(written, '')

test('letters make words, and a space parts them once', () => {
  expect(after('t', 'h', 'e', SPACE, SPACE, 'k', 'i', 'd')).toBe('the kid')
  expect(after(SPACE, 'a')).toBe('a')
})

test('the last letter goes, also one that is two halves; or all of them', () => {
  expect(after('a', 'b', DELETE, 'c')).toBe('ac')
  expect(written('né', DELETE)).toBe('n')
  expect(written('🎬🎬', DELETE)).toBe('🎬')
  expect(after(DELETE)).toBe('')
  expect(after('a', 'b', CLEAR)).toBe('')
})

test('a question has an end', () => {
  expect(written('x'.repeat(80), 'y')).toHaveLength(80)
})

test('every letter and digit is there once', () => {
  expect(new Set(LETTERS).size).toBe(36)
})
