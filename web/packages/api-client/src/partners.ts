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
export type Webhook = Schemas['PartnersWebhook']
export type CreatedWebhook = Schemas['PartnersCreatedWebhook']
export type Delivery = Schemas['PartnersDelivery']

const part = encodeURIComponent
const at = (app: string, more = '') => `/partner/v1/apps/${part(app)}${more}`

/** An answer as it came, for looking at it. */
export interface Seen { status: number; took_ms: number; headers: [string, string][]; body: string }

/** Headers worth showing to somebody who tries a call. */
const SHOWN = ['content-type', 'etag', 'last-modified', 'ratelimit', 'ratelimit-policy', 'retry-after', 'deprecation', 'sunset', 'link', 'x-request-id']

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

  /** A call as an app makes it: with a key and nothing else. */
  async look(path: string, key: string): Promise<Seen | undefined> {
    const begun = performance.now()
    try {
      const answer = await fetch(path, { headers: { 'x-api-key': key }, credentials: 'omit' })
      const headers = SHOWN.flatMap((name): [string, string][] => {
        const value = answer.headers.get(name)
        return value === null ? [] : [[name, value]]
      })
      return { status: answer.status, headers, body: await answer.text(), took_ms: performance.now() - begun }
    } catch {
      return undefined
    }
  }
}
