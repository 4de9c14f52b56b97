import { expect, test } from 'vitest'
import { fragmentOf, placeOf, type Place } from './places.ts'

test('a place and its address lead to each other', () => {
  const places: Place[] = [
    { kind: 'overview' }, { kind: 'audit' }, { kind: 'story', id: 'a/b' },
    { kind: 'instance', app: 'CATALOG', id: 'host:catalog:0' },
  ]
  for (const place of places) expect(placeOf(fragmentOf(place))).toEqual(place)
})

test('an address that leads nowhere is the overview', () => {
  for (const fragment of ['', '#/', '#/requests/', '#/instances/CATALOG', '#/nothing', '#/%']) expect(placeOf(fragment)).toEqual({ kind: 'overview' })
})
