//! The problem details (RFC 9457) a request was answered with, as the one who made them told its span. Pure.

import type { Story } from '@bijou/api-client/console.ts'

export interface Returned { role: string; code: string; title: string; detail?: string; members: [name: string, value: unknown][] }

const OWN = new Set(['type', 'code', 'title', 'status', 'detail', 'request_id'])

function read(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string') return undefined
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

/** Of all problems in its spans the outermost with the status that went out: one further in may have been lived through. */
export function returned(story: Pick<Story, 'status' | 'spans'>): Returned | undefined {
  for (const span of story.spans) {
    const problem = read(span.attributes['bijou.problem'])
    if (problem === undefined || problem['status'] !== story.status) continue
    const { code, title, detail } = problem
    return {
      role: span.role, code: String(code ?? ''), title: String(title ?? ''), ...(typeof detail === 'string' && { detail }),
      members: Object.entries(problem).filter(([name]) => !OWN.has(name)),
    }
  }
  return undefined
}
