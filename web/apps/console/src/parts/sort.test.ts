import { expect, test } from 'vitest'
import { inOrder, pressed } from './sort.ts'

test('a header is pressed through both ways and back to how the rows came', () => {
  const once = pressed(undefined, 'took', true)
  expect(once).toEqual({ column: 'took', down: true })
  const twice = pressed(once, 'took', true)
  expect(twice).toEqual({ column: 'took', down: false })
  expect(pressed(twice, 'took', true)).toBeUndefined()
})

test('words begin with the first, and another column begins anew', () => {
  expect(pressed({ column: 'took', down: true }, 'who', false)).toEqual({ column: 'who', down: false })
})

test('rows without a value are last both ways, equal ones keep their order', () => {
  const rows = [{ id: 'a' }, { id: 'b', n: 2 }, { id: 'c', n: 10 }, { id: 'd', n: 2 }]
  const ids = (down: boolean) => inOrder<{ id: string; n?: number }>(rows, (row) => row.n, down).map((row) => row.id)
  expect(ids(false)).toEqual(['b', 'd', 'c', 'a'])
  expect(ids(true)).toEqual(['c', 'b', 'd', 'a'])
})
