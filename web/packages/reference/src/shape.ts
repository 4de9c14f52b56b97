//! A schema (JSON Schema 2020-12, as far as OpenAPI 3.1 uses it) as a tree that a person reads. Pure.
//!
//! Recursion ends where a schema is met again below itself, and everything ends at a depth and a number of nodes: a document that
//! multiplies itself costs no more than any other.

import { isJson, listOf, resolve, textOf, type Json } from './document.ts'

export interface Member { name: string; required: boolean; shape: Shape }

export interface Shape {
  /** In words: `string`, `list of CatalogTitle`, `one of 2`. */
  type: string
  description: string
  /** Format, limits, default, example. */
  notes: string[]
  /** What it may be, when that is a list. */
  choices: string[]
  members: Member[]
  /** Of a list, or of further members by any name. */
  each: Shape | undefined
  /** It is one of these. */
  alternatives: Shape[]
  /** It has members and is shown elsewhere above, or too deep: its name says what it is. */
  closed: boolean
}

const DEPTH_MAX = 12
const NODES_MAX = 1500

interface Walk { document: unknown; above: readonly string[]; left: { nodes: number } }

const nameOf = (ref: string): string => ref.split('/').pop() ?? ref
const short = (value: unknown): string => JSON.stringify(value) ?? ''

/** A schema without `$ref` and `allOf`: what they say is in it, the schema's own words first. */
export function flat(document: unknown, schema: unknown, above: readonly string[] = []): { schema: Json; above: readonly string[]; name?: string; again?: boolean } {
  if (!isJson(schema)) return { schema: {}, above }
  const { $ref, allOf, ...own } = schema
  let merged: Json = own
  let name: string | undefined
  let seen = above
  if (typeof $ref === 'string') {
    name = nameOf($ref)
    if (above.includes($ref)) return { schema: own, above, name, again: true }
    const target = flat(document, resolve(document, $ref), [...above, $ref])
    if (target.again) return { ...target, name }
    seen = target.above
    merged = { ...target.schema, ...own }
  }
  for (const part of listOf(allOf)) {
    const found = flat(document, part, seen)
    if (found.again) continue
    seen = found.above
    merged = {
      ...found.schema, ...merged,
      properties: { ...(isJson(found.schema['properties']) && found.schema['properties']), ...(isJson(merged['properties']) && merged['properties']) },
      required: [...listOf(found.schema['required']), ...listOf(merged['required'])],
    }
    name ??= found.name
  }
  return { schema: merged, above: seen, ...(name !== undefined && { name }) }
}

/** Its types without `null`, and whether it may be null: as 3.1 writes it, and as 3.0 did. */
export function typesOf(schema: Json): { types: string[]; nullable: boolean } {
  const given = typeof schema['type'] === 'string' ? [schema['type']] : listOf(schema['type']).filter((type) => typeof type === 'string')
  const told = given.length > 0 ? given : 'properties' in schema || 'additionalProperties' in schema ? ['object'] : 'items' in schema ? ['array'] : []
  return { types: told.filter((type) => type !== 'null'), nullable: told.includes('null') || schema['nullable'] === true }
}

/** What it is one of, without null. */
export function alternativesOf(schema: Json): { schemas: unknown[]; nullable: boolean } {
  const all = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])]
  const schemas = all.filter((each) => !(isJson(each) && each['type'] === 'null'))
  return { schemas, nullable: schemas.length < all.length }
}

const LIMITS: [keyword: string, words: (value: string) => string][] = [
  ['format', (value) => value], ['minimum', (value) => `at least ${value}`], ['maximum', (value) => `at most ${value}`],
  ['exclusiveMinimum', (value) => `more than ${value}`], ['exclusiveMaximum', (value) => `less than ${value}`],
  ['minLength', (value) => `at least ${value} characters`], ['maxLength', (value) => `at most ${value} characters`],
  ['minItems', (value) => `at least ${value} items`], ['maxItems', (value) => `at most ${value} items`],
  ['pattern', (value) => `like ${value}`],
]

function notesOf(schema: Json): string[] {
  const limits = LIMITS.flatMap(([keyword, words]) => {
    const value = schema[keyword]
    return typeof value === 'string' || typeof value === 'number' ? [words(String(value))] : []
  })
  return [
    ...limits,
    ...(schema['default'] === undefined ? [] : [`${short(schema['default'])} unless told`]),
    ...(schema['example'] === undefined ? [] : [`as ${short(schema['example'])}`]),
  ]
}

const empty = (type: string): Shape => ({ type, description: '', notes: [], choices: [], members: [], each: undefined, alternatives: [], closed: false })

function walk(schema: unknown, on: Walk): Shape {
  if (schema === false) return empty('nothing')
  const { schema: found, above, name, again } = flat(on.document, schema, on.above)
  on.left.nodes -= 1
  if (again || above.length > DEPTH_MAX || on.left.nodes <= 0) return { ...empty(name ?? '…'), description: textOf(found['description']), closed: true }
  const below: Walk = { ...on, above: [...above, ...(name === undefined && 'properties' in found ? ['#'] : [])] }
  const { types, nullable } = typesOf(found)
  const alternatives = alternativesOf(found)
  const shapes = alternatives.schemas.map((each) => walk(each, below))
  const orNull = nullable || alternatives.nullable ? ' or null' : ''
  const about = { description: textOf(found['description']), notes: notesOf(found) }
  // One of one thing and null is that thing.
  if (shapes.length === 1 && types.length === 0) {
    const [only] = shapes as [Shape]
    return { ...only, type: `${only.type}${orNull}`, description: about.description || only.description, notes: [...only.notes, ...about.notes] }
  }
  const required = new Set(listOf(found['required']))
  const properties = isJson(found['properties']) ? Object.entries(found['properties']) : []
  const members = properties.map(([member, its]) => ({ name: member, required: required.has(member), shape: walk(its, below) }))
  const further = found['additionalProperties']
  const each = types.includes('array') ? walk(found['items'] ?? {}, below) : isJson(further) && Object.keys(further).length > 0 ? walk(further, below) : undefined
  const choices = 'const' in found ? [short(found['const'])] : listOf(found['enum']).filter((value) => value !== null).map((value) => (typeof value === 'string' ? value : short(value)))
  const words = (): string => {
    if (shapes.length > 0) return `${name ?? ''} one of ${shapes.length}`.trim()
    if (types.includes('array')) return `list of ${each?.type ?? 'anything'}`
    if (types.includes('object') && members.length === 0 && each) return `map to ${each.type}`
    if (types.includes('object')) return name ?? 'object'
    return types.join(' or ') || (choices.length > 0 ? 'value' : 'anything')
  }
  return { ...empty(`${words()}${orNull}`), ...about, choices, members, each, alternatives: shapes }
}

export const shapeOf = (document: unknown, schema: unknown): Shape =>
  walk(schema, { document, above: [], left: { nodes: NODES_MAX } })

/** Whether there is something to open. */
export function inside(shape: Shape): boolean {
  return shape.members.length > 0 || shape.alternatives.length > 0 || (shape.each !== undefined && inside(shape.each))
}
