import { expect, test } from 'vitest'
import { addressOf, gathered, operationAt, wayTo } from './contracts.ts'

const document = (paths: string[], operation: object = {}) => ({ paths: Object.fromEntries(paths.map((path) => [path, { get: { operationId: path.slice(1), ...operation } }])) })

test('what the gateway lets in can be tried, with what it asks for; the rest is for services', () => {
  const all = gathered([
    ['catalog', document(['/titles', '/events'])], ['gateway', document(['/titles'], { security: [{ access_token: [] }] })],
    ['operator', document(['/api/audit'])], ['others', undefined],
  ])
  expect(all.items.map((each) => each.name)).toEqual(['catalog', 'operator'])
  expect(all.missing).toEqual(['others'])
  const ways = all.items.flatMap((contract) => contract.operations.map((operation) => [addressOf(contract, operation), wayTo(all, contract, operation), operation.security]))
  expect(ways).toEqual([['catalog/titles', 'gateway', ['access_token']], ['catalog/events', 'services', []], ['operator/api/audit', 'here', []]])
  expect(operationAt(all, 'operator/api/audit')?.operation.key).toBe('GET /api/audit')
  expect(operationAt(all, 'catalog/none')).toBeUndefined()
})

test('without the gateway’s word everything may be tried', () => {
  const all = gathered([['catalog', document(['/events'])]])
  expect(wayTo(all, all.items[0]!, all.items[0]!.operations[0]!)).toBe('gateway')
})
