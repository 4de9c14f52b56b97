//! What operators changed, as marks on a chart: a moment, or the stretch in which an instance was out. Pure.

import type { AuditEntry, Instance } from '@bijou/api-client/console.ts'
import type { Mark } from '../parts/scale.ts'

/** `APP/id`, as the audit names an instance. */
const targetOf = (instance: Instance) => `${instance.app}/${instance.instance_id}`

/**
 * Entries come newest first, as the audit answers. The audit is written before a change is tried: whether what was never put
 * back is really out says the registry's picture.
 */
export function marksOf(entries: readonly AuditEntry[], instances: readonly Instance[], now_ms: number): Mark[] {
  const backAt = new Map<string, number>()
  for (const instance of instances) if (instance.status !== 'UP') backAt.set(targetOf(instance), now_ms)
  const marks: Mark[] = []
  for (const entry of entries) {
    const [area, what = ''] = entry.action.split('.')
    // Signing in changes nothing that a graph could show.
    if (area !== 'instance') continue
    const from_ms = Date.parse(entry.at)
    const to_ms = backAt.get(entry.target)
    const name = `${entry.target.split('/')[0]?.toLowerCase()} ${what}`
    if (what === 'undrain') {
      backAt.set(entry.target, from_ms)
      continue
    }
    marks.push(what === 'drain' && to_ms !== undefined ? { name, from_ms, to_ms } : { name, from_ms })
    if (what === 'drain') backAt.delete(entry.target)
    // What is restarted comes back in.
    if (what === 'restart') backAt.set(entry.target, from_ms)
  }
  return marks.reverse()
}
