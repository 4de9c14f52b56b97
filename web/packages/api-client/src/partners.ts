//! The partner API: what a developer manages with a sign-in, and what an app reads with its key.

import type { components } from './generated/partners.ts'
import type { Answer, Transport } from './transport.ts'
import type { Page } from './types.ts'

type Schemas = components['schemas']
export type PartnerApp = Schemas['PartnersApp']
export type PartnerKey = Schemas['PartnersKey']
export type CreatedApp = Schemas['PartnersCreatedApp']
export type CreatedKey = Schemas['PartnersCreatedKey']
export type PartnerUsage = Schemas['PartnersUsage']
export type Deprecations = Schemas['PartnersDeprecations']
export type Webhook = Schemas['PartnersWebhook']
export type CreatedWebhook = Schemas['PartnersCreatedWebhook']
export type Delivery = Schemas['PartnersDelivery']

const part = encodeURIComponent
const at = (app: string, more = '') => `/partner/v1/apps/${part(app)}${more}`

/** A call as somebody wrote it. */
export interface Trial { method: string; path: string; fields: Record<string, string>; body: string | undefined }

/** An answer as it came, for looking at it. */
export interface Looked { status: number; took_ms: number; fields: [string, string][]; body: string; bytes: number; is_text: boolean; is_cut: boolean; request_id?: string }

/** More would only fill the page's memory. */
const BODY_MAX = 4 << 20

export class Partners {
  constructor(readonly transport: Transport) {}

  apps = (): Promise<Answer<Page<PartnerApp>>> => this.transport.ask('/partner/v1/apps', { fresh: true })
  addApp = (name: string): Promise<Answer<CreatedApp>> => this.transport.ask('/partner/v1/apps', { method: 'POST', body: { name } })
  removeApp = (app: string): Promise<Answer<void>> => this.transport.ask(at(app), { method: 'DELETE' })
  askForProduction = (app: string): Promise<Answer<PartnerApp>> => this.transport.ask(at(app, '/production-request'), { method: 'POST' })

  keys = (app: string): Promise<Answer<Page<PartnerKey>>> => this.transport.ask(at(app, '/keys'), { fresh: true })
  addKey = (app: string, body: { environment: string; replaces?: string; overlap_s?: number }): Promise<Answer<CreatedKey>> =>
    this.transport.ask(at(app, '/keys'), { method: 'POST', body })
  endKey = (app: string, key: string): Promise<Answer<void>> => this.transport.ask(at(app, `/keys/${part(key)}`), { method: 'DELETE' })
  usage = (app: string): Promise<Answer<PartnerUsage>> => this.transport.ask(at(app, '/usage'), { fresh: true })

  deprecations = (app: string): Promise<Answer<Deprecations>> => this.transport.ask(at(app, '/deprecations'), { fresh: true })

  webhooks = (app: string): Promise<Answer<Page<Webhook>>> => this.transport.ask(at(app, '/webhooks'), { fresh: true })
  addWebhook = (app: string, url: string): Promise<Answer<CreatedWebhook>> =>
    this.transport.ask(at(app, '/webhooks'), { method: 'POST', body: { url } })
  removeWebhook = (app: string, hook: string): Promise<Answer<void>> =>
    this.transport.ask(at(app, `/webhooks/${part(hook)}`), { method: 'DELETE' })
  testWebhook = (app: string, hook: string): Promise<Answer<Delivery>> =>
    this.transport.ask(at(app, `/webhooks/${part(hook)}/test`), { method: 'POST' })
  deliveries = (app: string, hook: string): Promise<Answer<Page<Delivery>>> =>
    this.transport.ask(at(app, `/webhooks/${part(hook)}/deliveries`), { fresh: true })
  replay = (app: string, hook: string, delivery: string): Promise<Answer<void>> =>
    this.transport.ask(at(app, `/webhooks/${part(hook)}/deliveries/${part(delivery)}/replay`), { method: 'POST' })

  /** What the platform says it offers; written by many, so nothing in it is known. */
  document = (): Promise<Answer<unknown>> => this.transport.ask('/openapi.json')

  /** A call as it was written, as an app makes it: with what it carries and nothing else, or as whoever is signed in. */
  async look(trial: Trial, signedIn: boolean): Promise<Looked | undefined> {
    const { method, path, fields, body } = trial
    // A host cannot hide in a path: what begins with two slashes would name one.
    if (!/^\/(?!\/)/.test(path)) return undefined
    const init = { method, headers: fields, ...(body !== undefined && { body }) }
    const begun = performance.now()
    try {
      const answer = await (signedIn ? this.transport.raw(path, init) : fetch(path, { ...init, credentials: 'omit' }))
      const took_ms = performance.now() - begun
      const bytes = new Uint8Array(await answer.arrayBuffer())
      const id = answer.headers.get('x-request-id')
      const is_text = !/^(image|video|audio)\/|octet-stream/.test(answer.headers.get('content-type') ?? '')
      return {
        status: answer.status, took_ms, fields: [...answer.headers], is_text, is_cut: bytes.length > BODY_MAX, bytes: bytes.length,
        body: is_text ? new TextDecoder().decode(bytes.subarray(0, BODY_MAX)) : '', ...(id !== null && { request_id: id }),
      }
    } catch {
      return undefined
    }
  }
}
