//! What every mock handler needs: bodies in, JSON and problems out.

import type { IncomingMessage, ServerResponse } from 'node:http'

export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function send(response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): true {
  response.statusCode = status
  response.setHeader('x-request-id', crypto.randomUUID())
  response.setHeader('content-type', status >= 400 ? 'application/problem+json' : 'application/json')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.end(body === undefined ? undefined : JSON.stringify(body))
  return true
}

export const refuse = (response: ServerResponse, status: number, code: string, title: string): true =>
  send(response, status, { type: `/problems/${code}`, code, title, status })
