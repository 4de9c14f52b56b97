import { expect, test } from 'vitest'
import type { Credit } from '@bijou/api-client/types.ts'
import { credited } from './state.ts'

/** A newer catalog may know roles that this app does not. */
const credit = (role: string, name: string, character?: string): Credit =>
  ({ person: { id: name, name }, role: role as Credit['role'], ...(character && { character }) })

test('credits are grouped in the order of a poster, unknown roles last', () => {
  const groups = credited([
    credit('sound_designer', 'Ines'), credit('actor', 'Noor', 'The Clerk'), credit('director', 'Ada'), credit('writer', 'Ada'),
    credit('writer', 'Yuki'),
  ])
  expect(groups.map((group) => [group.role, group.people.map((each) => each.name).join(' & ')])).toEqual([
    ['Director', 'Ada'], ['Writers', 'Ada & Yuki'], ['With', 'Noor'], ['Sound designer', 'Ines'],
  ])
})
