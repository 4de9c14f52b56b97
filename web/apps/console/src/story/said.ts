//! Attributes as a person writes them: `title.id=bo-lanterns left=97`.

import type { Attributes } from '@bijou/api-client/console.ts'

export function said(attributes: Attributes): string {
  return Object.entries(attributes).map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join('  ')
}
