import { expect, test } from 'vitest'
import { age, ago, clock, day, deviceName, duration, language, spokenClock } from './words.ts'

test('durations are said in the largest unit that is exact enough', () => {
  expect([24, 59, 600, 3600, 5640].map(duration)).toEqual(['24 sec', '59 sec', '10 min', '1 h', '1 h 34 min'])
})

test('positions have hours only when they need them', () => {
  expect([0, 65.9, 600, 3729, -3].map(clock)).toEqual(['0:00', '1:05', '10:00', '1:02:09', '0:00'])
  expect([0, 65, 3601].map(spokenClock)).toEqual(['0 seconds', '1 minute 5 seconds', '1 hour 1 second'])
})

test('moments are said from now', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  expect(ago('2026-11-23T11:59:30Z', now)).toBe('just now')
  expect(ago('2026-11-23T11:30:00Z', now)).toBe('30 minutes ago')
  expect(ago('2026-11-23T06:00:00Z', now)).toBe('6 hours ago')
  expect(ago('2026-11-20T12:00:00Z', now)).toBe('3 days ago')
})

test('a day is the same day in every zone', () => {
  expect([day('2026-05-01'), day('1931-12-31')]).toEqual(['1 May 2026', '31 Dec 1931'])
})

test('ages and languages are words', () => {
  expect([0, 12].map(age)).toEqual(['All ages', 'From 12'])
  expect(['en', 'zxx', 'not a tag'].map(language)).toEqual(['English', 'No words', 'not a tag'])
})

test('a session is named after browser and system', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36')).toBe('Chrome on Linux')
  expect(deviceName('curl/8')).toBe('Browser')
})
