//! Where focus goes when the stop that had it is gone: the same one drawn anew, else its neighbour, else a neighbouring
//! group, whichever of them still exists. Decided without a DOM.

/** What was known when the stop got focus. Keys are names, or the elements themselves. */
export interface Seen {
  id: string
  stop: number
  group: unknown
  /** Every group of that moment, in the order of the page. */
  groups: readonly unknown[]
}

export interface Left { key: unknown; ids: readonly string[] }

export function neighbourOf(seen: Seen, left: readonly Left[]): { group: number; stop: number } | undefined {
  const filled = (at: number) => (left[at]?.ids.length ?? 0) > 0
  const clamp = (group: number) => ({ group, stop: Math.min(seen.stop, left[group]!.ids.length - 1) })
  if (seen.id !== '') {
    const group = left.findIndex((each) => each.ids.includes(seen.id))
    if (group >= 0) return { group, stop: left[group]!.ids.indexOf(seen.id) }
  }
  const same = left.findIndex((each) => each.key === seen.group)
  if (same >= 0 && filled(same)) return clamp(same)
  // What came after has moved up into its place; what came before is still where it was.
  const was = seen.groups.indexOf(seen.group)
  for (let far = 1; far <= seen.groups.length; far += 1) {
    for (const at of [was + far, was - far]) {
      const key = seen.groups[at]
      const group = key === undefined ? -1 : left.findIndex((each) => each.key === key)
      if (group >= 0 && filled(group)) return clamp(group)
    }
  }
  const any = left.findIndex((_, at) => at >= Math.min(Math.max(was, 0), left.length - 1) && filled(at))
  const first = any >= 0 ? any : left.findIndex((_, at) => filled(at))
  return first < 0 ? undefined : clamp(first)
}
