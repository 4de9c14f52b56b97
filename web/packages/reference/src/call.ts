//! What somebody filled in as a request, and the same as they would type it. Pure.

import type { Operation, Parameter } from './document.ts'

/** Values by `place name`; what is empty is not sent. */
export type Values = Readonly<Record<string, string>>

export const slot = (parameter: Pick<Parameter, 'place' | 'name'>): string => `${parameter.place} ${parameter.name}`

/** As whom: a field, what stands before the secret in it, and what the secret is called where it is not shown. */
export interface Credential { field: 'authorization' | 'x-api-key'; before: string; secret: string; variable: string }

export const bearer = (token: string): Credential => ({ field: 'authorization', before: 'Bearer ', secret: token, variable: 'TOKEN' })
export const appKey = (key: string): Credential => ({ field: 'x-api-key', before: '', secret: key, variable: 'KEY' })

export interface Written {
  method: string
  path: string
  fields: Record<string, string>
  body: string | undefined
  credential: Credential | undefined
}

/** What came back, as far as it is shown. */
export interface Seen {
  status: number
  took_ms: number
  fields: readonly (readonly [name: string, value: string])[]
  body: string
  bytes: number
  is_text: boolean
  is_cut: boolean
  request_id?: string
  /** Where its story is told. */
  story?: string
}

/** The path's own parameters that are still empty. */
export const missing = (operation: Operation, values: Values): string[] =>
  operation.parameters.filter((each) => each.required && (values[slot(each)] ?? '') === '').map((each) => each.name)

export function write(operation: Operation, values: Values, body: { text: string; media: string } | undefined, credential: Credential | undefined): Written {
  const given = operation.parameters.flatMap((each) => {
    const value = values[slot(each)] ?? ''
    return value === '' ? [] : [{ ...each, value }]
  })
  const inPath = new Map(given.filter((each) => each.place === 'path').map((each) => [each.name, each.value]))
  const path = operation.path.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const value = inPath.get(name)
    return value === undefined ? whole : encodeURIComponent(value)
  })
  const query = new URLSearchParams(given.filter((each) => each.place === 'query').map((each) => [each.name, each.value])).toString()
  const hasBody = body !== undefined && body.text.trim() !== ''
  return {
    method: operation.method,
    path: query === '' ? path : `${path}?${query}`,
    fields: {
      ...Object.fromEntries(given.filter((each) => each.place === 'header').map((each) => [each.name.toLowerCase(), each.value])),
      ...(hasBody && { 'content-type': body.media }),
    },
    body: hasBody ? body.text : undefined,
    credential,
  }
}

/** All fields of it, the secret one included. */
export const fieldsOf = ({ fields, credential }: Written): Record<string, string> =>
  ({ ...fields, ...(credential && { [credential.field]: `${credential.before}${credential.secret}` }) })

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** As a developer would type it. The secret is a variable: what is copied into a chat must not carry it. */
export function curl(origin: string, written: Written): string {
  const { method, path, fields, body, credential } = written
  const parts = [
    `curl${method === 'GET' ? '' : method === 'HEAD' ? ' --head' : ` -X ${method}`} ${quoted(`${origin}${path}`)}`,
    ...(credential ? [`-H "${credential.field}: ${credential.before}$${credential.variable}"`] : []),
    ...Object.entries(fields).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ]
  return parts.join(' \\\n  ')
}
