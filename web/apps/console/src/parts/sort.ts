//! Rows in the order somebody asked for. Pure.

export type Sortable = string | number | undefined
export interface Order { column: string; down: boolean }

/** First press: the largest number or the first word on top. Second: the other way. Third: as the rows came. */
export function pressed(order: Order | undefined, column: string, numeric: boolean): Order | undefined {
  if (order?.column !== column) return { column, down: numeric }
  return order.down === numeric ? { column, down: !numeric } : undefined
}

/** Rows without a value stay at the end, whichever way it is sorted; equal ones keep their order. */
export function inOrder<Row>(rows: readonly Row[], value: (row: Row) => Sortable, down: boolean): Row[] {
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    const compared = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y))
    return down ? -compared : compared
  })
}
