//! Where everybody stands on the map: callers left, the gateway with the registry above it, services in a column.
//!
//! Pure: from roles and edges to boxes and curves. A role nobody foresaw gets a place at the end of the column.

export interface Box { role: string; x: number; y: number; width: number; height: number }
export interface Curve { from: string; to: string; d: string; middle: { x: number; y: number } }

export const WIDTH = 972
const NODE = { width: 236, height: 78 }
const GAP = 22
/** How far a call between services bends out, at most: three quarters of it are seen, and they end short of the edge. */
const BULGE_MAX = 158
const ORDER = ['identity', 'catalog', 'recommendations', 'playback']

/** Roles that are places of their own and not services in the column. */
const APART = new Set(['client', 'gateway', 'registry', 'console'])

export function columnOf(roles: readonly string[]): string[] {
  const known = ORDER.filter((role) => roles.includes(role))
  const others = roles.filter((role) => !APART.has(role) && !ORDER.includes(role)).sort()
  return [...known, ...new Set(others)]
}

export function boxesOf(roles: readonly string[]): { boxes: Box[]; height: number } {
  const column = columnOf(roles)
  const height = Math.max(420, column.length * (NODE.height + GAP) - GAP + 48)
  const top = (height - (column.length * (NODE.height + GAP) - GAP)) / 2
  const middle = height / 2 - NODE.height / 2
  const at = (role: string, x: number, y: number, width = NODE.width): Box => ({ role, x, y, width, height: NODE.height })
  const boxes = [
    at('client', 4, middle, 150),
    at('gateway', 258, middle),
    at('registry', 258, Math.max(20, middle - 138)),
    ...column.map((role, row) => at(role, 600, top + row * (NODE.height + GAP))),
  ]
  if (roles.includes('console')) boxes.push(at('console', 258, Math.min(height - NODE.height - 20, middle + 138)))
  return { boxes, height }
}

export function curveOf(from: Box, to: Box): string {
  const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2]
  if (from.x === to.x && from.x > 500) {
    // Service to service: out to the right and back in, further out the further apart.
    const x = from.x + from.width
    const bulge = Math.min(BULGE_MAX, 46 + Math.abs(y2 - y1) * 0.28)
    return `M ${x} ${y1} C ${x + bulge} ${y1}, ${x + bulge} ${y2}, ${x} ${y2}`
  }
  if (from.x === to.x) {
    const x = from.x + from.width / 2
    return from.y < to.y ? `M ${x} ${from.y + from.height} L ${x} ${to.y}` : `M ${x} ${from.y} L ${x} ${to.y + to.height}`
  }
  const [x1, x2] = from.x < to.x ? [from.x + from.width, to.x] : [from.x, to.x + to.width]
  const bend = (x2 - x1) * 0.5
  return `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`
}

/** Half way along a curve that is a line or one cubic, as `curveOf` writes it. */
export function middleOf(d: string): { x: number; y: number } {
  const [x0 = 0, y0 = 0, ...rest] = (d.match(/-?[\d.]+/g) ?? []).map(Number)
  const at = (from: number, first: number, second: number, to: number) => (from + 3 * first + 3 * second + to) / 8
  if (rest.length < 6) return { x: (x0 + (rest[0] ?? x0)) / 2, y: (y0 + (rest[1] ?? y0)) / 2 }
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = rest
  return { x: at(x0, x1, x2, x3), y: at(y0, y1, y2, y3) }
}

export function curvesOf(boxes: readonly Box[], pairs: readonly (readonly [from: string, to: string])[]): Curve[] {
  const find = (role: string) => boxes.find((box) => box.role === role)
  return pairs.flatMap(([from, to]) => {
    const [a, b] = [find(from), find(to)]
    if (!a || !b || a === b) return []
    const d = curveOf(a, b)
    return [{ from, to, d, middle: middleOf(d) }]
  })
}
