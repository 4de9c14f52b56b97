import { expect, test } from 'vitest'
import { askedIn, searchedIn } from './asked.ts'

test('what would be refused is not asked for', () => {
  expect(askedIn({ q: ' -- ', level: 'loud', service: ' ', trace: 'abc' })).toEqual({})
  const trace = 'ab'.repeat(16)
  expect(askedIn({ q: ' größe user-42 ', level: 'warn', service: 'Catalog', trace })).toEqual({ q: 'größe user-42', level: 'warn', service: 'catalog', trace })
})

test('a search goes back from now as far as the address says', () => {
  const now = Date.parse('2026-11-23T08:00:00Z')
  expect(searchedIn({ within: '1h' }, now)).toEqual({ since: '2026-11-23T07:00:00.000Z' })
  expect(searchedIn({ within: 'ever' }, now)).toEqual({})
})
