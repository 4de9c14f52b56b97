//! Sending what was filled in: to the gateway through the console, or to the console itself, and never anywhere else.

import { fieldsOf, type Seen, type Written } from '@bijou/reference/call.ts'
import { bearer } from '@bijou/reference/call.ts'
import { fragmentOf } from '../places.ts'
import { caller, called, renew } from './caller.ts'

export async function throughGateway(written: Written): Promise<Seen | string> {
  const once = (given: Written) => called({
    method: given.method, path: given.path, fields: fieldsOf(given), ...(given.body !== undefined && { body: given.body }),
  })
  let answer = await once(written)
  // It was the token that was over: what it asked for has not been done.
  if (answer.ok && answer.value.status === 401 && caller().kind === 'account' && await renew()) {
    const now = caller()
    if (now.kind === 'account') answer = await once({ ...written, credential: bearer(now.token) })
  }
  if (!answer.ok) return answer.problem.detail ?? answer.problem.title
  const { status, took_ms, fields, body, body_bytes, is_text, is_cut, trace_id, request_id } = answer.value
  return {
    status, took_ms, body, is_text, is_cut, bytes: body_bytes, fields: fields.map((field) => [field.name, field.value] as const),
    request_id: request_id ?? trace_id, story: fragmentOf({ kind: 'story', id: trace_id }),
  }
}

/** A stream of events never ends: what came in so long is shown. */
const STREAM_MS = 4000
const BODY_MAX = 1 << 20

/** The console's own operations, as this page's own session. */
export async function here(written: Written): Promise<Seen | string> {
  const begun = performance.now()
  const stop = new AbortController()
  try {
    // A host cannot hide in it: what begins with two slashes would name one.
    if (!/^\/(?!\/)/.test(written.path)) return 'That is no path of this console.'
    const response = await fetch(written.path, {
      method: written.method, headers: written.fields, credentials: 'same-origin', signal: stop.signal, ...(written.body !== undefined && { body: written.body }),
    })
    const took_ms = performance.now() - begun
    const { text, bytes, is_cut } = await readOf(response, stop)
    const id = response.headers.get('x-request-id') ?? undefined
    return { status: response.status, took_ms, fields: [...response.headers], body: text, bytes, is_text: true, is_cut, ...(id !== undefined && { request_id: id }) }
  } catch {
    return 'The console does not answer.'
  }
}

async function readOf(response: Response, stop: AbortController): Promise<{ text: string; bytes: number; is_cut: boolean }> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let [text, bytes, is_cut] = ['', 0, false]
  const over = setTimeout(() => { is_cut = true; stop.abort() }, STREAM_MS)
  try {
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      bytes += piece.value.length
      text += decoder.decode(piece.value, { stream: true })
      if (bytes > BODY_MAX) { is_cut = true; stop.abort() }
    }
  } catch {
    is_cut = true
  }
  clearTimeout(over)
  return { text, bytes, is_cut }
}
