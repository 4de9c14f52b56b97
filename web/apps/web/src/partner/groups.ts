//! The partners' part of the platform's contract, in the order in which a developer meets it. Pure.

import { operationsOf, type Operation } from '@bijou/reference/document.ts'
import type { Group } from '@bijou/reference/OperationList.tsx'

const TAGS: readonly (readonly [tag: string, name: string, says: string])[] = [
  ['partners-catalog', 'For apps', 'with a key, or a token for its client secret'],
  ['partners', 'For developers', 'signed in, as this page does'],
]

/** What operators decide is theirs: they have a page for it. */
export function groupsOf(document: unknown): Group[] {
  const all = operationsOf(document).filter((each) => each.path.startsWith('/partner/'))
  const groups = TAGS.map(([tag, name, says]) => ({ name, says, operations: all.filter((each) => each.tag === tag) }))
  return groups.filter((group) => group.operations.length > 0)
}

/** Whether it is asked by the developer who is signed in, and not by an app: the gateway asks those for an access token. */
export const isDevelopers = (operation: Operation): boolean => operation.security.includes('access_token')

/** Without anybody's key: it is where an app gets its token. */
export const isOpen = (operation: Operation): boolean => operation.path.startsWith('/partner/oauth')
