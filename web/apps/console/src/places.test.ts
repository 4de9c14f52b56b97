import { expect, test } from 'vitest'
import { fragmentOf, placeOf, queryOf, type Place } from './places.ts'

test('a place and its address lead to each other', () => {
  const places: Place[] = [
    { kind: 'overview' }, { kind: 'requests' }, { kind: 'logs' }, { kind: 'metrics' }, { kind: 'instances' }, { kind: 'faults' }, { kind: 'audit' }, { kind: 'story', id: 'a/b?c' },
    { kind: 'instance', app: 'CATALOG', id: 'host:catalog:0' },
  ]
  for (const place of places) expect(placeOf(fragmentOf(place, { path: '/v1' }))).toEqual(place)
})

test('an address that leads nowhere is the overview', () => {
  for (const fragment of ['', '#', '#/', '#/requests/', '#/instances/CATALOG', '#/nothing', '#/%', '#/audit/more', '#token=x']) {
    expect(placeOf(fragment), fragment).toEqual({ kind: 'overview' })
  }
})

test('a query survives the address, whatever is in it', () => {
  const query = { path: '/v1/titles?a=b&c', from: 'gateway', text: 'ä #%' }
  expect(queryOf(fragmentOf({ kind: 'requests' }, query))).toEqual(query)
})

test('an empty filter leaves no trace in the address', () => {
  expect(fragmentOf({ kind: 'requests' }, { outcome: '' })).toBe('#/requests')
  expect(queryOf('#/requests?outcome=&path=x')).toEqual({ path: 'x' })
})
