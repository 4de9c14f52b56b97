import { expect, test } from 'vitest'
import { playerWords } from './playerWords.ts'

test('what the player said is one line, and nothing where it said nothing', () => {
  const cmcd = { bitrate_kbps: { least: 900, last: 900, most: 3200 }, buffer_ms: { least: 400, last: 400, most: 400 }, starved: 2, startup: 1 }
  expect(playerWords({ cmcd })).toBe('asked for 900 to 3200 kbit/s, 400 ms ahead, starved 2 ×')
  expect(playerWords({})).toBe('')
})
