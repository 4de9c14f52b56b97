//! Where focus goes when an arrow key is pressed: groups of stops, decided without a DOM.
//!
//! Inside a group its shape decides. Out of it, up and down follow the order of the page, so that neither a header that
//! stays in view nor a page that is still scrolling confuses them; left and right go to what stands beside.
//! Leaves out scrolling, key repeat and what a stop is: `stops.ts` and `engine.ts` know those.

export interface Box { left: number; top: number; width: number; height: number }

export type Step = 'left' | 'right' | 'up' | 'down' | 'first' | 'last'

export interface Group {
  readonly shape: 'row' | 'column' | 'grid'
  readonly box: Box
  readonly stops: readonly Box[]
  /** The stop focus was on last. */
  readonly remembered: number | undefined
  /** Where a row is entered from above or below, and a column from the side. */
  readonly enter: 'memory' | 'near' | 'first'
  /** At the end of the group a fresh press goes round to the other end; a held key stops. */
  readonly wrap: boolean
  /** Directions that never lead out of the group. */
  readonly hold: readonly Step[]
}

export interface Place { group: number; stop: number }

export function next(groups: readonly Group[], from: Place, step: Step, held = false): Place | undefined {
  const group = groups[from.group]
  const box = group?.stops[from.stop]
  if (!group || !box) return undefined
  const within = inside(group, from.stop, step) ?? (group.wrap && !held ? around(group, from.stop, step) : undefined)
  if (within !== undefined) return within === from.stop ? undefined : { group: from.group, stop: within }
  if (step === 'first' || step === 'last' || group.hold.includes(step)) return undefined
  const to = step === 'up' || step === 'down' ? above(groups, from.group, box, step) : beside(groups, from.group, box, step)
  const entered = to === undefined ? undefined : groups[to]
  return to === undefined || !entered ? undefined : { group: to, stop: entry(entered, box, step) }
}

function inside(group: Group, stop: number, step: Step): number | undefined {
  const last = group.stops.length - 1
  if (step === 'first') return 0
  if (step === 'last') return last
  const by = step === 'left' || step === 'up' ? -1 : 1
  const sideways = step === 'left' || step === 'right'
  if (group.shape === 'grid') return insideGrid(group.stops, stop, by, sideways)
  if (sideways !== (group.shape === 'row')) return undefined
  const to = stop + by
  return to >= 0 && to <= last ? to : undefined
}

function insideGrid(stops: readonly Box[], stop: number, by: 1 | -1, sideways: boolean): number | undefined {
  const lines = linesOf(stops)
  const at = lines.findIndex((line) => line.includes(stop))
  if (!sideways) {
    const line = lines[at + by]
    return line && nearest(stops, line, middleX(stops[stop]!), middleX)
  }
  return lines[at]?.[lines[at]!.indexOf(stop) + by]
}

function around(group: Group, stop: number, step: Step): number | undefined {
  const sideways = step === 'left' || step === 'right'
  const count = group.stops.length
  const by = step === 'left' || step === 'up' ? -1 : 1
  // In a grid the next line begins where this one ends; up and down do not go round.
  if (group.shape === 'grid') return sideways ? (stop + by + count) % count : undefined
  return sideways === (group.shape === 'row') ? (stop + by + count) % count : undefined
}

/** The lines in which a grid has been laid out. */
export function linesOf(stops: readonly Box[]): number[][] {
  const lines: number[][] = []
  let bottom = -Infinity
  stops.forEach((box, at) => {
    if (middleY(box) >= bottom) {
      lines.push([])
      bottom = -Infinity
    }
    lines.at(-1)?.push(at)
    bottom = Math.max(bottom, box.top + box.height)
  })
  return lines
}

function above(groups: readonly Group[], from: number, box: Box, step: 'up' | 'down'): number | undefined {
  const by = step === 'up' ? -1 : 1
  const here = groups[from]!.box
  const open = (at: number) => groups[at]!.stops.length > 0 && !areBeside(groups[at]!.box, here)
  let first = from + by
  while (groups[first] && !open(first)) first += by
  if (!groups[first]) return undefined
  // Of several groups side by side, the one that is least far to the side.
  let best = first
  for (let at = first + by; groups[at]; at += by) {
    if (!open(at) || !areBeside(groups[at]!.box, groups[first]!.box)) continue
    if (aside(groups[at]!.box, box) < aside(groups[best]!.box, box)) best = at
  }
  return best
}

function beside(groups: readonly Group[], from: number, box: Box, step: 'left' | 'right'): number | undefined {
  let best: number | undefined
  let least = Infinity
  groups.forEach((group, at) => {
    if (at === from || group.stops.length === 0 || overlap(group.box, box, 'top', 'height') <= 0) return
    const gap = step === 'left' ? box.left - (group.box.left + group.box.width) : group.box.left - (box.left + box.width)
    if (gap < -SLACK_PX || gap >= least) return
    least = gap
    best = at
  })
  return best
}

function entry(group: Group, from: Box, step: 'left' | 'right' | 'up' | 'down'): number {
  const { stops, shape, remembered, enter } = group
  const sideways = step === 'left' || step === 'right'
  const all = stops.map((_, at) => at)
  if (enter === 'first') return 0
  const across = shape === 'row' ? !sideways : shape === 'column' ? sideways : false
  if (across) {
    if (enter === 'memory' && remembered !== undefined && stops[remembered]) return remembered
    return sideways ? nearest(stops, all, middleY(from), middleY) : nearest(stops, all, middleX(from), middleX)
  }
  if (shape === 'grid' && !sideways) {
    const lines = linesOf(stops)
    return nearest(stops, (step === 'down' ? lines[0] : lines.at(-1)) ?? all, middleX(from), middleX)
  }
  if (shape === 'grid') {
    // From the side: the line that is level, by its near end.
    const level = nearest(stops, all, middleY(from), middleY)
    const line = linesOf(stops).find((each) => each.includes(level)) ?? [level]
    return (step === 'left' ? line.at(-1) : line[0]) ?? level
  }
  return step === 'down' || step === 'right' ? 0 : stops.length - 1
}

const SLACK_PX = 2

const middleX = (box: Box) => box.left + box.width / 2
const middleY = (box: Box) => box.top + box.height / 2

function overlap(a: Box, b: Box, start: 'left' | 'top', size: 'width' | 'height'): number {
  return Math.min(a[start] + a[size], b[start] + b[size]) - Math.max(a[start], b[start])
}

/** Side by side: more beside than above one another. */
function areBeside(a: Box, b: Box): boolean {
  return overlap(a, b, 'top', 'height') > Math.min(a.height, b.height) / 2 && overlap(a, b, 'left', 'width') <= SLACK_PX
}

const aside = (a: Box, b: Box) => Math.max(0, -overlap(a, b, 'left', 'width'))

function nearest(stops: readonly Box[], among: readonly number[], wanted: number, middle: (box: Box) => number): number {
  let best = among[0] ?? 0
  for (const at of among) {
    if (Math.abs(middle(stops[at]!) - wanted) < Math.abs(middle(stops[best]!) - wanted)) best = at
  }
  return best
}
