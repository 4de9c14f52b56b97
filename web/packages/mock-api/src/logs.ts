//! The mock's log lines: kept, searched, followed and counted as the console does, with plain means.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Line, Pattern } from '@bijou/api-client/console.ts'
import { send } from './http.ts'

const KEPT = 2000
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error']
const lines: Line[] = []
const readers = new Set<(line: Line) => void>()

export function say(line: Line): void {
  lines.unshift(line)
  lines.length = Math.min(lines.length, KEPT)
  for (const tell of readers) tell(line)
}

function fits(line: Line, asked: URLSearchParams): boolean {
  const said = `${line.message} ${JSON.stringify(line.attributes)}`.toLowerCase()
  return (asked.get('q') ?? '').toLowerCase().split(/\s+/).every((word) => said.includes(word))
    && LEVELS.indexOf(line.level) >= LEVELS.indexOf(asked.get('level') ?? 'trace')
    && (asked.get('service') ?? line.role) === line.role
    && (asked.get('trace') ?? line.trace_id) === line.trace_id
}

export function logs(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
  const asked = url.searchParams
  if (url.pathname === '/api/logs/tail') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('event: hello\ndata: {}\n\n')
    const tell = (line: Line) => { if (fits(line, asked)) response.write(`event: line\ndata: ${JSON.stringify(line)}\n\n`) }
    readers.add(tell)
    request.once('close', () => readers.delete(tell))
    return true
  }
  const found = lines.filter((line) => fits(line, asked))
  if (url.pathname === '/api/logs/patterns') {
    const groups = new Map<string, Pattern>()
    for (const { message, level, role, at } of found) {
      const pattern = message.replace(/[\w.-]*\d[\w.-]*/g, '…')
      const group = groups.get(pattern) ?? { pattern, count: 0, level, roles: [role], first_at: at, last_at: at, example: message }
      groups.set(pattern, { ...group, count: group.count + 1, first_at: at, roles: [...new Set([...group.roles, role])].sort() })
    }
    return send(response, 200, { items: [...groups.values()].sort((a, b) => b.count - a.count), counted: found.length })
  }
  const before = Number(asked.get('before') ?? 0)
  const limit = Number(asked.get('limit') ?? 100)
  const more = found.length > before + limit
  return send(response, 200, { items: found.slice(before, before + limit), ...(more && { next: before + limit }) })
}
