//! Media addresses carry their token as a path segment. A renewed token is put into the addresses already known,
//! so that playing goes on in the same buffer instead of starting again.

export interface Renewal { old: string; fresh: string }

/** What changed between two manifest addresses of one film; `undefined` when more than one segment did. */
export function renewalOf(oldManifest: string, freshManifest: string): Renewal | undefined {
  const old = oldManifest.split('/')
  const fresh = freshManifest.split('/')
  if (old.length !== fresh.length) return undefined
  const changed = old.flatMap((segment, at) => (segment === fresh[at] ? [] : [at]))
  if (changed.length !== 1) return undefined
  const [at] = changed as [number]
  return { old: old[at] ?? '', fresh: fresh[at] ?? '' }
}

/** The address with every renewal so far applied, in the order they were made. */
export function renewed(url: string, renewals: readonly Renewal[]): string {
  return renewals.reduce(
    (current, { old, fresh }) => current.split('/').map((segment) => (segment === old ? fresh : segment)).join('/'),
    url,
  )
}
