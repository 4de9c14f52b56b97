//! The operator's half: what the console service answers and how to ask it.

import type { components, operations } from './generated/console-operator.ts'
import { Transport, type Answer } from './transport.ts'

type Schemas = components['schemas']

/** The contract says only that it is an object: OpenTelemetry allows any value. */
export type Attributes = Record<string, unknown>

export type Outcome = Schemas['ConsoleOutcome']
export type Instance = Schemas['ConsoleInstance']
export type Instances = Schemas['ConsoleInstances']
export type Hop = Schemas['ConsoleHop']
export type Traced = Schemas['ConsoleRequest']
export type Status = Schemas['ConsoleStatus']
type SpanEvent = Omit<Schemas['ConsoleEvent'], 'attributes'> & { attributes: Attributes }
export type Span = Omit<Schemas['ConsoleSpan'], 'attributes' | 'events'> & { attributes: Attributes; events: SpanEvent[] }
export type LogLine = Omit<Schemas['ConsoleLogLine'], 'attributes'> & { attributes: Attributes }
export type Story = Omit<Schemas['ConsoleStory'], 'spans' | 'log_lines'> & { spans: Span[]; log_lines: LogLine[] }

export type Session = Schemas['ConsoleSession']
export type InstanceDetail = Schemas['ConsoleInstanceDetail']
export type InstanceState = Schemas['ConsoleInstanceState']
export type Setting = Schemas['ConsoleSetting']
export type AuditEntry = Schemas['ConsoleAuditEntry']
export type Fault = Schemas['ConsoleFault']
export type Faults = Schemas['ConsoleFaults']
export type NewFault = Schemas['ConsoleNewFault']
export type AuditVerdict = Schemas['ConsoleAuditVerdict']

export type DoctorCheck = Omit<Schemas['ConsoleDoctorCheck'], 'evidence'> & { evidence: Record<string, unknown> }
export type Diagnosis = Omit<Schemas['ConsoleDiagnosis'], 'checks'> & { checks: DoctorCheck[] }

export type Explanation = Schemas['ConsoleExplanation']
export type Candidate = Schemas['ConsoleCandidate']
export type Zones = Schemas['ConsoleZones']
export type FilterVerdict = Schemas['ConsoleFilterVerdict']
export type Upstream = Schemas['ConsoleUpstream']

/** A request that is not made. */
export interface ExplainQuestion { method: string; url: string; as?: string; client?: string }

export type CallWanted = Omit<Schemas['ConsoleCall'], 'fields' | 'body'> & { fields?: Record<string, string>; body?: string }
export type Called = Schemas['ConsoleCalled']
export type PartnerApp = Schemas['ConsolePartnerApp']
export type PartnerStage = NonNullable<NonNullable<operations['list_partner_apps']['parameters']['query']>['stage']>
export type PartnerDeprecation = Schemas['ConsolePartnerDeprecation']
export type PartnerDecision = Schemas['ConsolePartnerDecisionWord']

export type Check = Schemas['ConsoleCheck']
export type Checks = Schemas['ConsoleChecks']

export type SessionSummary = Schemas['ConsoleSessionSummary']
export type SessionStory = Schemas['ConsoleSessionStory']

/** Whose view of a title is looked at. */
export interface DoctorCase { territory?: string; profile?: string; account?: string; at?: string; device?: string }

export interface AuditFilter { actor?: string; action?: string; target?: string; since?: string; before?: number; limit?: number }

/** `CATALOG` and an instance id, as a path. */
const instancePath = (app: string, id: string) => `/api/instances/${encodeURIComponent(app)}/${encodeURIComponent(id)}`

export interface RequestFilter {
  outcome?: Outcome; role?: string; path?: string; route?: string; account?: string; status?: string; slower_than_ms?: number; q?: string
  since?: string; until?: string; before?: string; limit?: number
}

/** A line of any role, with the request it belongs to. */
export type Line = Omit<Schemas['ConsoleLine'], 'attributes'> & { attributes: Attributes }
export type Pattern = Schemas['ConsolePattern']
export interface LogFilter { q?: string; level?: string; service?: string; trace?: string; since?: string; until?: string; before?: number; limit?: number }

export type Metric = Schemas['ConsoleMetric']
export type GraphLine = Omit<Schemas['ConsoleGraphLine'], 'values'> & { values: (number | null)[] }
export type Exemplar = Schemas['ConsoleExemplar']
export type Graph = Omit<Schemas['ConsoleGraph'], 'lines'> & { lines: GraphLine[] }
export interface MetricFilter { name: string; labels?: string; by?: string; quantiles?: string; step_s?: number; since?: string; until?: string }

type Values = (number | null)[]
/** Step by step; null where nothing is known. */
export type Traffic = { [K in keyof Schemas['ConsoleTraffic']]: Values }
export type Pulse = { [K in keyof Schemas['ConsolePulse']]: Values }
export type Served = Schemas['ConsoleServed']
export type Overview = Omit<Schemas['ConsoleOverview'], 'traffic' | 'pulse'> & { traffic: Traffic; pulse: Pulse }
export interface OverviewFilter { role?: string; route?: string; step_s?: number; since?: string; until?: string }
export type Happening = Schemas['ConsoleHappening']
export type CalledEdge = Schemas['ConsoleEdge']

/** As a query; what is absent or empty is not asked for. */
function queryOf(filter: object): string {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') asked.set(name, String(value))
  return asked.toString()
}

export class Console {
  constructor(readonly transport: Transport = new Transport()) {}

  signIn = (token: string): Promise<Answer<void>> =>
    this.transport.ask('/api/session', { method: 'POST', body: { token } })
  signInWithAccount = (email: string, password: string): Promise<Answer<void>> =>
    this.transport.ask('/api/session', { method: 'POST', body: { email, password } })
  signOut = (): Promise<Answer<void>> => this.transport.ask('/api/session', { method: 'DELETE' })
  session = (): Promise<Answer<Session>> => this.transport.ask('/api/session')
  instances = (): Promise<Answer<Instances>> => this.transport.ask('/api/instances')
  status = (): Promise<Answer<Status>> => this.transport.ask('/api/status')
  story = (id: string): Promise<Answer<Story>> => this.transport.ask(`/api/requests/${encodeURIComponent(id)}`)

  instance = (app: string, id: string): Promise<Answer<InstanceDetail>> => this.transport.ask(instancePath(app, id))
  setLogLevel = (app: string, id: string, level: string, duration_s: number, reason: string): Promise<Answer<InstanceState>> =>
    this.transport.ask(`${instancePath(app, id)}/log-level`, { method: 'PUT', body: { level, duration_s, reason } })
  drain = (app: string, id: string, reason: string): Promise<Answer<InstanceState>> =>
    this.transport.ask(`${instancePath(app, id)}/drain`, { method: 'POST', body: { reason } })
  undrain = (app: string, id: string): Promise<Answer<InstanceState>> =>
    this.transport.ask(`${instancePath(app, id)}/drain`, { method: 'DELETE' })
  restart = (app: string, id: string, reason: string): Promise<Answer<void>> =>
    this.transport.ask(`${instancePath(app, id)}/restart`, { method: 'POST', body: { reason } })
  findAccount = (email: string): Promise<Answer<{ account_id: string }>> => this.transport.ask('/api/accounts/find', { method: 'POST', body: { email } })
  sessions = (filter: { account?: string; device?: string }): Promise<Answer<{ items: SessionSummary[] }>> => this.transport.ask(`/api/sessions?${queryOf(filter)}`)
  sessionStory = (id: string): Promise<Answer<SessionStory>> => this.transport.ask(`/api/sessions/${encodeURIComponent(id)}`)
  checks = (before?: number): Promise<Answer<Checks>> => this.transport.ask(`/api/checks?${queryOf({ before })}`)
  runCheck = (): Promise<Answer<Check>> => this.transport.ask('/api/checks/run', { method: 'POST' })
  examine = (title: string, whose: DoctorCase): Promise<Answer<Diagnosis>> =>
    this.transport.ask(`/api/doctor/titles/${encodeURIComponent(title)}?${queryOf(whose)}`)
  explain = (question: ExplainQuestion): Promise<Answer<Explanation>> => this.transport.ask(`/api/explain?${queryOf(question)}`)
  faults = (): Promise<Answer<Faults>> => this.transport.ask('/api/faults')
  startFault = (fault: NewFault): Promise<Answer<Fault>> => this.transport.ask('/api/faults', { method: 'POST', body: fault })
  stopFault = (id: string): Promise<Answer<void>> => this.transport.ask(`/api/faults/${encodeURIComponent(id)}`, { method: 'DELETE' })
  stopFaults = (): Promise<Answer<void>> => this.transport.ask('/api/faults', { method: 'DELETE' })
  contracts = (): Promise<Answer<{ items: { name: string }[] }>> => this.transport.ask('/api/contracts')
  /** A document somebody else wrote: nothing in it is known. */
  contract = (name: string): Promise<Answer<unknown>> => this.transport.ask(`/api/contracts/${encodeURIComponent(name)}`)
  call = (call: CallWanted): Promise<Answer<Called>> => this.transport.ask('/api/calls', { method: 'POST', body: call })
  partnerApps = (stage: PartnerStage): Promise<Answer<{ items: PartnerApp[] }>> => this.transport.ask(`/api/partners/apps?${queryOf({ stage })}`)
  partnerDeprecations = (): Promise<Answer<{ items: PartnerDeprecation[] }>> => this.transport.ask('/api/partners/deprecations')
  decidePartnerApp = (id: string, decision: PartnerDecision, reason: string): Promise<Answer<PartnerApp>> =>
    this.transport.ask(`/api/partners/apps/${encodeURIComponent(id)}/decisions`, { method: 'POST', body: { decision, reason } })
  verifyAudit = (): Promise<Answer<AuditVerdict>> => this.transport.ask('/api/audit/verify')

  audit = (filter: AuditFilter): Promise<Answer<{ items: AuditEntry[]; next?: number }>> => this.transport.ask(`/api/audit?${queryOf(filter)}`)
  requests = (filter: RequestFilter): Promise<Answer<{ items: Traced[]; next?: string }>> => this.transport.ask(`/api/requests?${queryOf(filter)}`)
  logs = (filter: LogFilter): Promise<Answer<{ items: Line[]; next?: number }>> => this.transport.ask(`/api/logs?${queryOf(filter)}`)
  metrics = (): Promise<Answer<{ items: Metric[] }>> => this.transport.ask('/api/metrics')
  metric = (filter: MetricFilter): Promise<Answer<Graph>> => this.transport.ask(`/api/metrics/query?${queryOf(filter)}`)
  overview = (filter: OverviewFilter): Promise<Answer<Overview>> => this.transport.ask(`/api/overview?${queryOf(filter)}`)
  edges = (): Promise<Answer<{ items: CalledEdge[] }>> => this.transport.ask('/api/edges')
  happenings = (filter: { since?: string; until?: string }): Promise<Answer<{ items: Happening[] }>> => this.transport.ask(`/api/happenings?${queryOf(filter)}`)
  patterns = (filter: LogFilter): Promise<Answer<{ items: Pattern[]; counted: number }>> => this.transport.ask(`/api/logs/patterns?${queryOf(filter)}`)
}

/** Log lines as they come, until told to stop. A lost connection is made again by the browser. */
export function listenLogs(filter: LogFilter, listener: { line(line: Line): void; missed(count: number): void }): () => void {
  const source = new EventSource(`/api/logs/tail?${queryOf(filter)}`)
  const on = (name: string, handler: (data: unknown) => void) =>
    source.addEventListener(name, (event) => handler(JSON.parse((event as MessageEvent<string>).data)))
  on('line', (data) => listener.line(data as Line))
  on('missed', (data) => listener.missed((data as { count: number }).count))
  return () => source.close()
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
