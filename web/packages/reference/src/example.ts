//! A value that a schema accepts, to begin a request's body with. Pure.
//!
//! Only what is needed, and what the contract gives a word for: made-up values for the rest would have to be taken out again.

import { alternativesOf, flat, typesOf } from './shape.ts'
import { isJson, listOf, type Content, type Json } from './document.ts'

const FORMATS: Record<string, string> = {
  'date-time': '2027-01-01T00:00:00Z', date: '2027-01-01', time: '00:00:00Z', uuid: '018f3c5e-7c2a-7b61-9d3e-5b1f0c9a4e77',
  uri: 'https://example.com/', email: 'ada@example.com', password: '',
}

function text(schema: Json): string {
  const known = FORMATS[String(schema['format'])]
  if (known !== undefined) return known
  const least = typeof schema['minLength'] === 'number' ? Math.min(schema['minLength'], 64) : 0
  return 'text'.padEnd(least, '.')
}

function number(schema: Json): number {
  const [least, most] = [schema['minimum'], schema['maximum']]
  if (typeof least === 'number') return Math.max(least, typeof most === 'number' ? Math.min(1, most) : 1)
  return typeof most === 'number' ? Math.min(1, most) : 1
}

/** What the contract itself says it could be. */
const worded = (schema: Json): unknown =>
  schema['example'] ?? listOf(schema['examples'])[0] ?? schema['default'] ?? schema['const'] ?? listOf(schema['enum'])[0]

function object(document: unknown, schema: Json, above: readonly string[]): Json {
  const required = new Set(listOf(schema['required']))
  const members = isJson(schema['properties']) ? Object.entries(schema['properties']) : []
  const chosen = members.filter(([name, its]) => required.has(name) || (isJson(its) && its['example'] !== undefined))
  const found: Json = {}
  // Of what needs nothing, one thing is shown whose values the contract knows; a made-up one would be refused.
  const known = ([, its]: [string, unknown]) => {
    const { schema: own } = flat(document, its, above)
    return worded(own) !== undefined || typesOf(own).types[0] === 'boolean'
  }
  for (const [name, its] of chosen.length > 0 ? chosen : members.filter(known).slice(0, 1)) {
    const value = exampleOf(document, its, above)
    if (value !== undefined) Object.defineProperty(found, name, { value, enumerable: true })
  }
  return found
}

/** `undefined` below itself: there the value ends. */
export function exampleOf(document: unknown, schema: unknown, above: readonly string[] = []): unknown {
  const { schema: found, above: seen, again } = flat(document, schema, above)
  if (again || seen.length > 12) return undefined
  const said = worded(found)
  if (said !== undefined) return said
  const [first] = alternativesOf(found).schemas
  if (first !== undefined) return exampleOf(document, first, seen)
  const [type] = typesOf(found).types
  switch (type) {
    case 'object': return object(document, found, seen)
    case 'array': {
      const one = exampleOf(document, found['items'], seen)
      return one === undefined ? [] : [one]
    }
    case 'integer': case 'number': return number(found)
    case 'boolean': return false
    case 'string': return text(found)
    default: return undefined
  }
}

export const isJsonMedia = (media: string): boolean => /^[^;]*[/+]json\b/.test(media)

/** A body to begin with, as it is sent. */
export function bodyOf(document: unknown, content: Content): string {
  const value = content.example ?? exampleOf(document, content.schema)
  if (isJsonMedia(content.media)) return value === undefined ? '' : JSON.stringify(value, null, 2)
  if (content.media.startsWith('application/x-www-form-urlencoded') && isJson(value)) {
    return new URLSearchParams(Object.entries(value).map(([name, each]) => [name, String(each)])).toString()
  }
  return typeof value === 'string' ? value : ''
}
