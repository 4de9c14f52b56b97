//! Where the operator is, in the address's fragment: the server serves one page and never sees it.
//!
//! `#/requests/4bf9…?from=gateway`: a path with parameters says which page, a query what it is narrowed to, so that every
//! view is a link. What leads nowhere is the overview.

import { createSignal } from 'solid-js'

/** Every page's path; `:name` is a parameter. `pages.ts` says what is shown there. */
const PATHS = {
  overview: '',
  requests: 'requests',
  story: 'requests/:id',
  logs: 'logs',
  metrics: 'metrics',
  instances: 'instances',
  instance: 'instances/:app/:id',
  sessions: 'sessions',
  session: 'sessions/:id',
  checks: 'checks',
  doctor: 'doctor',
  explain: 'explain',
  api: 'api',
  faults: 'faults',
  partners: 'partners',
  audit: 'audit',
} as const

export type Kind = keyof typeof PATHS
type ParametersIn<Path extends string> =
  Path extends `${infer Head}/${infer Tail}` ? ParametersIn<Head> | ParametersIn<Tail> : Path extends `:${infer Name}` ? Name : never
export type Parameters<K extends Kind> = Record<ParametersIn<(typeof PATHS)[K]>, string>
export type Place = { [K in Kind]: { kind: K } & Parameters<K> }[Kind]
export type Query = Readonly<Record<string, string>>

const kinds = Object.keys(PATHS) as Kind[]

/** As somebody may have mistyped it by hand, it is taken as it stands. */
function readable(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function parametersOf(path: string, given: readonly string[]): Record<string, string> | undefined {
  const wanted = path.split('/')
  if (wanted.length !== given.length) return undefined
  const found: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const value = given[at] ?? ''
    if (part.startsWith(':') && value !== '') found[part.slice(1)] = value
    else if (part !== value) return undefined
  }
  return found
}

export function placeOf(fragment: string): Place {
  const [path = ''] = fragment.replace(/^#\/?/, '').split('?')
  const parts = path.split('/').map(readable)
  for (const kind of kinds) {
    const parameters = parametersOf(PATHS[kind], parts)
    if (parameters) return { kind, ...parameters } as Place
  }
  return { kind: 'overview' }
}

/** Empty values are as good as absent. */
export function queryOf(fragment: string): Query {
  const at = fragment.indexOf('?')
  return at < 0 ? {} : Object.fromEntries([...new URLSearchParams(fragment.slice(at + 1))].filter(([, value]) => value !== ''))
}

export function fragmentOf(place: Place, query: Query = {}): string {
  const parameters = place as unknown as Record<string, string>
  const path = PATHS[place.kind].split('/').map((part) => (part.startsWith(':') ? encodeURIComponent(parameters[part.slice(1)] ?? '') : part))
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  return `#/${path.join('/')}${asked && `?${asked}`}`
}

/** The printed link carries the operator's token where no server sees it. */
export const tokenOf = (fragment: string): string | undefined => /^#token=([^&]+)$/.exec(fragment)?.[1]

const fragmentNow = () => (typeof location === 'undefined' ? '' : location.hash)
// Another query is the same place: its page stays and only narrows what it shows.
const [here, setHere] = createSignal(placeOf(fragmentNow()), { equals: (a, b) => fragmentOf(a) === fragmentOf(b) })
const [query, setQuery] = createSignal(queryOf(fragmentNow()))
export { here, query }

function look(): void {
  setQuery(queryOf(fragmentNow()))
  setHere(placeOf(fragmentNow()))
}

/** Changes the query in place: somebody who types a filter does not have to go back through every letter. */
export function narrow(change: Query): void {
  history.replaceState(history.state, '', fragmentOf(here(), { ...query(), ...change }))
  look()
}

if (typeof addEventListener === 'function') addEventListener('hashchange', look)
