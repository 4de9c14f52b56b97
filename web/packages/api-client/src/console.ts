//! The operator's half: what the console service answers (its README is the contract) and how to ask it.

import { Transport, type Answer } from './transport.ts'

export type Outcome = 'ok' | 'refused' | 'failed'
export type Health = 'ready' | 'not-ready' | 'unreachable' | 'unknown'

export interface Lease {
  age_ms: number
  duration_ms: number
  renewed_every_ms?: number
  expires_in_ms?: number
  registered_at?: string
  renewed_at?: string
}

export interface Instance {
  app: string
  role: string
  instance_id: string
  addr: string
  status: string
  zone?: string
  version?: string
  metadata?: Record<string, string>
  lease?: Lease
  health: Health
  phase?: string
  reasons?: string[]
  checked_at?: string
  last_minute?: { requests: number; failed: number; p50_ms?: number; p99_ms?: number }
}

export interface Instances {
  now: string
  registry: { reachable: boolean; epoch?: string; revision?: number; self_preservation?: string }
  items: Instance[]
}

export interface Hop {
  from: string
  to: string
  instance_id?: string
  name: string
  start_ms: number
  duration_ms: number
  status?: number
  outcome: Outcome
}

export interface Traced {
  id: string
  request_id?: string
  revision: number
  started_at: string
  duration_ms: number
  method?: string
  path?: string
  route?: string
  status?: number
  outcome: Outcome
  message?: string
  entry: string
  hops: Hop[]
  logs: number
}

export type Attributes = Record<string, unknown>

export interface Span {
  span_id: string
  parent_span_id?: string
  depth: number
  role: string
  instance_id?: string
  name: string
  kind: 'server' | 'client' | 'internal'
  start_ms: number
  duration_ms: number
  status?: number
  outcome: Outcome
  message?: string
  attributes: Attributes
  events: { name: string; at_ms: number; attributes: Attributes }[]
}

export interface Attempt {
  from: string
  to: string
  number: number
  instance_id?: string
  addr?: string
  start_ms: number
  duration_ms: number
  status?: number
  outcome: Outcome
  message?: string
}

export interface Choice { by: string; to: string; at_ms: number; chosen?: string; candidates?: number }

export interface LogLine {
  at: string
  at_ms: number
  role: string
  instance_id?: string
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  message: string
  target?: string
  span_id?: string
  attributes: Attributes
}

export interface Story extends Traced { spans: Span[]; attempts: Attempt[]; choices: Choice[]; log_lines: LogLine[] }

export interface Status {
  traces: { held: number; bytes: number; bytes_max: number; forgotten: number }
  readers: number
  received: { spans: number; logs: number; rejected: number }
}

export interface RequestFilter { outcome?: Outcome; role?: string; path?: string; before?: string; limit?: number }

export class Console {
  constructor(readonly transport: Transport = new Transport()) {}

  signIn = (token: string): Promise<Answer<void>> =>
    this.transport.ask('/api/session', { method: 'POST', body: { token } })
  signOut = (): Promise<Answer<void>> => this.transport.ask('/api/session', { method: 'DELETE' })
  session = (): Promise<Answer<{ signed_in: boolean }>> => this.transport.ask('/api/session')
  instances = (): Promise<Answer<Instances>> => this.transport.ask('/api/instances')
  status = (): Promise<Answer<Status>> => this.transport.ask('/api/status')
  story = (id: string): Promise<Answer<Story>> => this.transport.ask(`/api/requests/${encodeURIComponent(id)}`)

  requests(filter: RequestFilter): Promise<Answer<{ items: Traced[]; next?: string }>> {
    const asked = new URLSearchParams()
    for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') asked.set(name, String(value))
    return this.transport.ask(`/api/requests?${asked}`)
  }
}

export interface LiveListener {
  hello(roles: string[]): void
  request(traced: Traced): void
  instances(): void
  missed(count: number): void
  connected(yes: boolean): void
}

const AGAIN_MS = 2000

/** Listens until told to stop. A lost connection is made again: by the browser, or here when it has given up. */
export function listenLive(listener: LiveListener): () => void {
  let source: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  const connect = () => {
    source = new EventSource('/api/live')
    const on = (name: string, handler: (data: unknown) => void) =>
      source.addEventListener(name, (event) => handler(JSON.parse((event as MessageEvent<string>).data)))
    on('hello', (data) => {
      listener.connected(true)
      listener.hello((data as { roles: string[] }).roles)
    })
    on('request', (data) => listener.request(data as Traced))
    on('instances', () => listener.instances())
    on('missed', (data) => listener.missed((data as { count: number }).count))
    source.addEventListener('error', () => {
      listener.connected(false)
      if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS)
    })
  }
  connect()
  return () => {
    clearTimeout(again)
    source.close()
  }
}
