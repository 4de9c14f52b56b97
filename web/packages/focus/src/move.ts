//! Where focus goes when an arrow key is pressed: rows of stops, decided without a DOM.
//!
//! Sideways stays in its row and stops at the ends; up and down take the stop that looks nearest in the next row.
//! Leaves out scrolling, key repeat and what a stop is: `dom.ts` knows those.

/** Horizontal middle of each stop, in the order of the page; rows without stops are skipped. */
export type Rows = readonly (readonly number[])[]

export interface Place { row: number; stop: number }

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last'

export function move(rows: Rows, from: Place, step: Step): Place | undefined {
  const row = rows[from.row]
  if (!row) return undefined
  switch (step) {
    case 'left': return from.stop > 0 ? { row: from.row, stop: from.stop - 1 } : undefined
    case 'right': return from.stop < row.length - 1 ? { row: from.row, stop: from.stop + 1 } : undefined
    case 'first': return from.stop === 0 ? undefined : { row: from.row, stop: 0 }
    case 'last': return from.stop === row.length - 1 ? undefined : { row: from.row, stop: row.length - 1 }
    case 'up': return vertical(rows, from, -1)
    case 'down': return vertical(rows, from, 1)
  }
}

function vertical(rows: Rows, from: Place, direction: 1 | -1): Place | undefined {
  const x = rows[from.row]?.[from.stop] ?? 0
  for (let row = from.row + direction; rows[row]; row += direction) {
    const stop = nearest(rows[row] ?? [], x)
    if (stop !== undefined) return { row, stop }
  }
  return undefined
}

function nearest(stops: readonly number[], x: number): number | undefined {
  let best: number | undefined
  stops.forEach((middle, at) => {
    if (best === undefined || Math.abs(middle - x) < Math.abs((stops[best] ?? 0) - x)) best = at
  })
  return best
}
