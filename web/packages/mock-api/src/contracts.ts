//! The committed contracts as running instances would give them, a gateway that lets in what is not for services alone, and a
//! program that is not ours, whose words must stay words. Calls are answered by a few canned replies.

import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Called, CallWanted, PartnerApp, PartnerDecision, PartnerDeprecation, PartnerStage } from '@bijou/api-client/console.ts'
import { HOSTILE } from './hostile.ts'
import { bodyOf, refuse, send } from './http.ts'

type Operation = Record<string, unknown> & { tags?: string[] }
interface Document { openapi: string; info: object; paths: Record<string, Record<string, Operation>>; components?: object }

const FILES: Record<string, string> = {
  catalog: 'catalog', console: 'console', identity: 'identity', operator: 'console-operator', partners: 'partners', playback: 'playback',
  profiles: 'profiles', recommendations: 'recommendations',
}

const committed = (file: string): Document =>
  JSON.parse(readFileSync(new URL(`../../../../contracts/${file}.openapi.json`, import.meta.url), 'utf8')) as Document

const others: Document = {
  openapi: '3.1.0', info: { title: HOSTILE, version: HOSTILE, description: HOSTILE },
  paths: { [`/v1/${HOSTILE}`]: { get: {
    operationId: 'hostile', summary: HOSTILE, description: `\`${HOSTILE}\` ${HOSTILE}`, deprecated: true, 'x-sunset': '2027-07-01T00:00:00Z', 'x-deprecation-link': 'javascript:alert(1)',
    parameters: [{ name: HOSTILE, in: 'query', description: HOSTILE, schema: { $ref: '#/components/schemas/Node' } }],
    responses: { 200: { description: HOSTILE, content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } } },
  } } },
  components: { schemas: { Node: { type: 'object', description: HOSTILE, properties: { [HOSTILE]: { $ref: '#/components/schemas/Node' }, kind: { enum: [HOSTILE] } } } } },
}

function merged(): Document {
  const paths: Document['paths'] = {}
  for (const name of Object.keys(FILES).filter((name) => name !== 'operator' && name !== 'console')) {
    for (const [path, item] of Object.entries(committed(FILES[name]!).paths)) {
      const open = Object.entries(item).filter(([, operation]) => !operation.tags?.includes('services'))
      const asked = name === 'profiles' ? { security: [{ access_token: [] }] } : {}
      if (open.length > 0) paths[path] = Object.fromEntries(open.map(([method, operation]) => [method, { ...operation, ...asked }]))
    }
  }
  paths[Object.keys(others.paths)[0]!] = Object.values(others.paths)[0]!
  return { openapi: '3.1.0', info: { title: 'Bijou', version: '0.1.0' }, paths }
}

export function contracts(response: ServerResponse, path: string): true {
  const name = path.slice('/api/contracts/'.length)
  if (name === '') return send(response, 200, { items: [...Object.keys(FILES), 'gateway', 'others'].sort().map((name) => ({ name })) })
  if (name === 'gateway') return send(response, 200, merged())
  if (name === 'others') return send(response, 200, others)
  const file = FILES[name]
  return file === undefined ? refuse(response, 502, 'contract-unavailable', 'The contract did not come') : send(response, 200, committed(file))
}

const PROFILES = [{ id: 'p-nora', name: 'Nora', has_pin: false }, { id: 'p-elias', name: 'Elias', has_pin: true }]

function replyTo({ method, path, fields = {}, body = '' }: CallWanted): [status: number, answer: unknown] {
  const problem = (status: number, code: string, title: string): [number, unknown] => [status, { type: `/problems/${code}`, code, title, status }]
  const asked = `${method} ${path.split('?')[0]}`
  if (asked === 'POST /v1/sessions') {
    const { email, password } = JSON.parse(body) as { email: string; password: string }
    if (password !== 'popcorn-and-velvet') return problem(401, 'credentials-invalid', 'E-mail address or password is wrong')
    return [201, { access_token: 'access-of-account', refresh_token: 'r', session: { id: 's-1' }, account: { email } }]
  }
  if (asked === 'POST /oauth/token') return [200, { access_token: 'access-of-profile', refresh_token: 'r2' }]
  if (asked.startsWith('DELETE ')) return [204, undefined]
  if (asked === 'GET /v1/profiles') return fields['authorization'] === undefined ? problem(401, 'token-missing', 'Signing in is needed') : [200, { items: PROFILES }]
  if (asked === 'GET /v1/titles') return [200, { items: [{ id: 'bo-lanterns', name: HOSTILE }] }]
  return [200, { method, path, fields, body }]
}

/** `story` is one that can be looked at. */
export async function call(request: IncomingMessage, response: ServerResponse, story: { id: string; request_id?: string } | undefined): Promise<true> {
  const asked = JSON.parse(await bodyOf(request)) as CallWanted
  const [status, answer] = replyTo(asked)
  const body = answer === undefined ? '' : JSON.stringify(answer)
  const told: Called = {
    status, took_ms: 12.3, body, body_bytes: body.length, is_text: true, is_cut: false, trace_id: story?.id ?? '',
    fields: [{ name: 'content-type', value: status >= 400 ? 'application/problem+json' : 'application/json' }, { name: 'x-hostile', value: HOSTILE }],
    ...(story?.request_id !== undefined && { request_id: story.request_id }),
  }
  return send(response, 200, told)
}

const made: [name: string, stage: PartnerStage][] = [['Lantern TV', 'requested'], [HOSTILE, 'requested'], ['Cinema Wall', 'production'], [HOSTILE, 'production']]
let apps: PartnerApp[] = made.map(([name, stage], at) => ({
  id: `app-${at + 1}`, name, stage, scopes: ['catalog', 'feeds'], per_minute: stage === 'production' ? 600 : 60, per_day: 5000, created_at: '2026-11-24T09:30:00.000Z',
}))
/** Where a decision leads. */
const NEXT: Record<PartnerDecision, PartnerStage> = { approve: 'production', decline: 'sandbox', suspend: 'suspended', resume: 'sandbox' }

const going: PartnerDeprecation[] = [{
  operation: 'list_feeds', method: 'GET', path: '/partner/v1/feeds', since: '2026-11-01T00:00:00Z', sunset: '2027-05-01T00:00:00Z',
  link: 'https://films.example/moving-on', calls: 1204,
  apps: ['Lantern TV', HOSTILE].map((name, at) => ({
    id: `app-${at + 1}`, name, calls: 1200 >> (at * 8), days: [{ day: '2026-11-26', calls: 1200 >> (at * 8) }],
  })),
}]

export async function partners(request: IncomingMessage, response: ServerResponse, { pathname: path, searchParams }: URL): Promise<true> {
  if (path === '/api/partners/apps') return send(response, 200, { items: apps.filter((app) => app.stage === (searchParams.get('stage') ?? 'requested')) })
  if (path === '/api/partners/deprecations') return send(response, 200, { items: going })
  const id = /^\/api\/partners\/apps\/([^/]+)\/decisions$/.exec(path)?.[1]
  const { decision, reason } = JSON.parse(await bodyOf(request)) as { decision: PartnerDecision; reason: string }
  if (reason.trim() === '') return refuse(response, 422, 'reason-missing', 'Say why')
  apps = apps.map((app) => (app.id === id ? { ...app, stage: NEXT[decision], ...((decision === 'suspend' || decision === 'decline') && { reason }) } : app))
  const decided = apps.find((app) => app.id === id)
  return decided ? send(response, 200, decided) : refuse(response, 404, 'app-not-found', 'There is no such app')
}
