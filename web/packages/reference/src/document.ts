//! Operations out of an OpenAPI document. Pure.
//!
//! The document may be anybody's, so nothing in it is taken for granted: what is not as OpenAPI 3.1 says is left out.

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const jsonIn = (value: unknown): Json => (isJson(value) ? value : {})

export const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'] as const

export interface Parameter { name: string; place: 'path' | 'query' | 'header'; required: boolean; description: string; schema: unknown; example: unknown }
export interface Content { media: string; schema: unknown; example: unknown }
export interface Body { required: boolean; description: string; contents: Content[] }
export interface Reply {
  status: string
  description: string
  contents: Content[]
  headers: { name: string; description: string }[]
  /** Problem codes the description names: what `type` may be. */
  codes: string[]
}
/** That it is going away: since when, until when it answers for sure, and where to read on. */
export interface Deprecated { since?: string; sunset?: string; link?: string }

export interface Operation {
  /** `GET /v1/titles`: no two of a document have the same. */
  key: string
  method: string
  path: string
  id: string
  tag: string
  summary: string
  description: string
  parameters: Parameter[]
  body: Body | undefined
  replies: Reply[]
  deprecated: Deprecated | undefined
  /** Names of the schemes of which one is needed; none: open to everybody, or not told. */
  security: string[]
}

/** Whether sending it twice, or once by mistake, may change something. */
export const writes = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** What a `$ref` within the document points at. */
export function resolve(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined
  let found: unknown = document
  for (const part of ref.slice(2).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isJson(found) || !Object.hasOwn(found, name)) return undefined
    found = found[name]
  }
  return found
}

/** The value itself, or what it refers to; one that refers on and on is none. */
function followed(document: unknown, value: unknown): Json {
  let found = value
  for (let hop = 0; hop < 8; hop += 1) {
    if (!isJson(found)) return {}
    if (typeof found['$ref'] !== 'string') return found
    found = resolve(document, found['$ref'])
  }
  return {}
}

function contentsOf(value: unknown): Content[] {
  return Object.entries(jsonIn(value)).map(([media, content]) => {
    const { schema, example, examples } = jsonIn(content)
    const [first] = Object.values(jsonIn(examples))
    return { media, schema, example: example ?? jsonIn(first)['value'] }
  })
}

function parameterOf(document: unknown, value: unknown): Parameter[] {
  const { name, in: place, required, description, schema, example } = followed(document, value)
  if (typeof name !== 'string' || !(place === 'path' || place === 'query' || place === 'header')) return []
  const own = isJson(schema) ? schema['example'] : undefined
  return [{ name, place, required: required === true || place === 'path', description: textOf(description), schema, example: example ?? own }]
}

const CODE = /`([a-z][a-z0-9]*(?:-[a-z0-9]+)*)`/g

function replyOf(document: unknown, status: string, value: unknown): Reply {
  const { description, content, headers } = followed(document, value)
  const contents = contentsOf(content)
  const isProblem = contents.some((each) => each.media === 'application/problem+json')
  const words = textOf(description)
  return {
    status, contents, description: words,
    headers: Object.entries(jsonIn(headers)).map(([name, header]) => ({ name, description: textOf(jsonIn(header)['description']) })),
    codes: isProblem ? [...new Set([...words.matchAll(CODE)].map((match) => match[1]!))] : [],
  }
}

function deprecatedIn(operation: Json): Deprecated | undefined {
  if (operation['deprecated'] !== true) return undefined
  const [since, sunset, link] = ['x-deprecated-since', 'x-sunset', 'x-deprecation-link'].map((name) => textOf(operation[name]))
  // Nothing but an address of the web may become a link.
  return { ...(since && { since }), ...(sunset && { sunset }), ...(/^https?:\/\//.test(link ?? '') && { link: link! }) }
}

function operationOf(document: unknown, path: string, method: string, item: Json, operation: Json): Operation {
  const given = [...listOf(item['parameters']), ...listOf(operation['parameters'])].flatMap((each) => parameterOf(document, each))
  // The operation's own word counts more than its path's.
  const parameters = [...new Map(given.map((each) => [`${each.place} ${each.name}`, each])).values()]
  const body = operation['requestBody'] === undefined ? undefined : followed(document, operation['requestBody'])
  const key = `${method.toUpperCase()} ${path}`
  return {
    key, path, parameters,
    method: method.toUpperCase(),
    id: textOf(operation['operationId']) || key,
    tag: textOf(listOf(operation['tags'])[0]),
    summary: textOf(operation['summary']) || key,
    description: textOf(operation['description']),
    body: body && { required: body['required'] === true, description: textOf(body['description']), contents: contentsOf(body['content']) },
    replies: Object.entries(jsonIn(operation['responses'])).map(([status, reply]) => replyOf(document, status, reply)),
    deprecated: deprecatedIn(operation),
    security: listOf(operation['security'] ?? jsonIn(document)['security']).flatMap((each) => Object.keys(jsonIn(each))),
  }
}

/** Every operation, in the document's order. */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries(jsonIn(jsonIn(document)['paths'])).flatMap(([path, item]) => {
    const at = followed(document, item)
    return METHODS.flatMap((method) => {
      const operation = at[method]
      return isJson(operation) ? [operationOf(document, path, method, at, operation)] : []
    })
  })
}

export interface About { title: string; version: string; description: string }

export function aboutOf(document: unknown): About {
  const { title, version, description } = jsonIn(jsonIn(document)['info'])
  return { title: textOf(title), version: textOf(version), description: textOf(description) }
}

/** Whether all words are somewhere in it, in any order. */
export function fits(operation: Operation, asked: string): boolean {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const codes = operation.replies.flatMap((reply) => reply.codes)
  const said = [operation.key, operation.id, operation.tag, operation.summary, operation.description, ...operation.parameters.map((each) => each.name), ...codes]
  const text = said.join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
