import { expect, test } from 'vitest'
import { tvBy } from './mode.ts'

const LAPTOP = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

test('the address decides, then what was remembered, then the browser', () => {
  expect(tvBy('?tv', null, LAPTOP)).toBe(true)
  expect(tvBy('?tv=0', 'tv', LAPTOP)).toBe(false)
  expect(tvBy('', 'tv', LAPTOP)).toBe(true)
  expect(tvBy('', null, LAPTOP)).toBe(false)
})

test('televisions are known by their browsers', () => {
  const agents = [
    'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36',
    'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager',
    'Mozilla/5.0 (Linux; Android 11; AFTKA) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Linux; Android 12; BRAVIA VU31) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  ]
  expect(agents.map((agent) => tvBy('', null, agent))).toEqual([true, true, true, true])
})

test('a phone is none', () => {
  const phone = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'
  expect(tvBy('', null, phone)).toBe(false)
})
