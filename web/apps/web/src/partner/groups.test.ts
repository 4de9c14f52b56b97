import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missing } from '@bijou/reference/call.ts'
import { BEGINNINGS } from './beginnings.ts'
import { groupsOf, isOpen } from './groups.ts'

const document: unknown = JSON.parse(readFileSync(new URL('../../../../../contracts/partners.openapi.json', import.meta.url), 'utf8'))
const operations = groupsOf(document).flatMap((group) => group.operations)

test('every operation of the contract is there but the operators’ own and what services ask each other', () => {
  expect(groupsOf(document).map((group) => group.name)).toEqual(['For apps', 'For developers'])
  const paths = (document as { paths: Record<string, Record<string, { tags: string[] }>> }).paths
  const own = Object.values(paths).flatMap((item) => Object.values(item)).filter((each) => !['partners-operator', 'services'].includes(each.tags[0]!))
  expect(operations.length).toBe(own.length)
  expect(operations.filter(isOpen).map((each) => each.id)).toEqual(['create_token'])
})

test('each beginning is an operation, and fills in what it needs', () => {
  for (const { name, operation, values } of BEGINNINGS) {
    const found = operations.find((each) => each.id === operation)
    expect(found && missing(found, values), name).toEqual([])
    const known = new Set(found?.parameters.map((each) => `${each.place} ${each.name}`))
    expect(Object.keys(values).filter((slot) => !known.has(slot)), name).toEqual([])
  }
})
