// What a service behind the gateway owes its callers, whatever it does: passport, deadline, trace, and an end in order.
//
// Uses the ordinary client of the registry (eureka-js-client) and an ordinary JOSE library (jose). Leaves out what the
// service is about, and a web framework.

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

import { Eureka } from 'eureka-js-client'
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'

// Time for a request whose caller set none.
const DEADLINE_MS = 10_000
// Unknown keys are asked for this often at most: anybody can make one up.
const KEYS_ASKED_EVERY_MS = 1_000

/** An answer that is not the one asked for, as problem details (RFC 9457). */
export class Refused extends Error {
  constructor(status, code) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** Who asks: tokens that the gateway signed for this application (or a service, for itself). */
class Passports {
  #keys = new Map()
  #askedAt = new Map()

  constructor(app, instancesOf) {
    this.app = app
    this.instancesOf = instancesOf
  }

  /** The claims of a passport; rejects when it is not to be believed. */
  async check(token) {
    // About itself a service speaks for itself; about people only the gateway does.
    const role = /^service:(.+)$/.exec(decodeJwt(token).sub)
    const issuer = role ? role[1].toUpperCase() : 'GATEWAY'
    const key = await this.#key(issuer, decodeProtectedHeader(token).kid)
    const expected = { audience: this.app, issuer, typ: 'passport+jwt', algorithms: ['EdDSA'], clockTolerance: 5 }
    const { payload } = await jwtVerify(token, key, expected)
    return payload
  }

  async #key(issuer, kid) {
    const name = `${issuer} ${kid}`
    if (!this.#keys.has(name) && Date.now() - (this.#askedAt.get(issuer) ?? 0) > KEYS_ASKED_EVERY_MS) {
      this.#askedAt.set(issuer, Date.now())
      await Promise.allSettled(this.instancesOf(issuer).map((instance) => this.#learn(issuer, instance)))
    }
    const key = this.#keys.get(name)
    if (!key) throw new Error(`nobody who signs for ${issuer} has the key ${kid}`)
    return key
  }

  async #learn(issuer, instance) {
    const url = `http://${instance.ipAddr}:${instance.port.$}/.well-known/passport-keys`
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    for (const jwk of (await answer.json()).keys) {
      this.#keys.set(`${issuer} ${jwk.kid}`, await importJWK(jwk, 'EdDSA'))
    }
  }
}

/** One request: who asks, how much time there is, which trace it belongs to. */
class Request {
  constructor(http, who) {
    const header = (name) => http.headers[name] ?? ''
    this.url = new URL(http.url, 'http://service')
    this.who = who
    this.token = header('bijou-passport')
    const left = header('bijou-deadline-ms')
    this.endsAt = performance.now() + (/^\d+$/.test(left) ? Number(left) : DEADLINE_MS)
    const trace = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(header('traceparent'))
    this.traceId = trace?.[1] ?? randomBytes(16).toString('hex')
    this.flags = trace?.[2] ?? '00'
    this.id = header('x-request-id')
  }

  leftMs() {
    const left = Math.floor(this.endsAt - performance.now())
    if (left <= 0) throw new Refused(504, 'deadline-passed')
    return left
  }

  /** Headers of a call made because of this request. */
  onward() {
    return {
      'bijou-passport': this.token,
      'bijou-deadline-ms': String(this.leftMs()),
      traceparent: `00-${this.traceId}-${randomBytes(8).toString('hex')}-${this.flags}`,
      'x-request-id': this.id,
    }
  }
}

/** A server, registered for as long as it runs. */
export class Service {
  constructor(app) {
    this.app = app
    this.passports = new Passports(app, (name) => this.instancesOf(name))
    this.server = createServer((request, response) => this.#answer(request, response))
  }

  /** The answer to a request, something JSON can hold; or Refused. */
  async handle() {
    throw new Error('to be written')
  }

  instancesOf(app) {
    return this.client.getInstancesByAppId(app)
  }

  /** Another service's answer, found by its name. */
  async call(request, app, path) {
    const found = this.instancesOf(app)
    if (found.length === 0) throw new Refused(503, 'nobody-there')
    const instance = found[Math.floor(Math.random() * found.length)]
    const url = `http://${instance.ipAddr}:${instance.port.$}${path}`
    const signal = AbortSignal.timeout(request.leftMs())
    const answer = await fetch(url, { headers: request.onward(), signal }).catch((error) => {
      request.leftMs()
      throw new Refused(502, `call-failed: ${error.message}`)
    })
    if (!answer.ok) throw new Refused(502, 'call-failed')
    return answer.json()
  }

  /** Serves until SIGTERM: then it leaves the registry, finishes what it began, and ends. */
  async run({ registry, renewEveryMs, leaseS, metadata }) {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.port = this.server.address().port
    const { hostname, port, pathname } = new URL(registry)
    // Without deltas, as is its default: applying one, this client takes out another instance than the one that left.
    const quiet = { debug() {}, info() {}, warn: console.warn, error: console.error }
    this.client = new Eureka({
      logger: quiet,
      eureka: {
        host: hostname,
        port,
        servicePath: `${pathname.replace(/\/$/, '')}/apps/`,
        heartbeatInterval: renewEveryMs,
        registryFetchInterval: renewEveryMs,
      },
      instance: {
        app: this.app,
        instanceId: `127.0.0.1:${this.app.toLowerCase()}:${this.port}`,
        hostName: '127.0.0.1',
        ipAddr: '127.0.0.1',
        port: { $: this.port, '@enabled': true },
        vipAddress: this.app.toLowerCase(),
        dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
        leaseInfo: { renewalIntervalInSecs: Math.ceil(renewEveryMs / 1000), durationInSecs: leaseS },
        metadata,
      },
    })
    this.client.start()
    for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => this.#drain())
  }

  async #drain() {
    await new Promise((resolve) => this.client.stop(resolve))
    // Whoever looked a moment ago still calls; those who poll do so for one more interval at least.
    await wait(500)
    this.server.close(() => process.exit(0))
    this.server.closeIdleConnections()
  }

  async #answer(http, response) {
    const { status, type, body } = await this.#decide(http).catch((error) => {
      const refused = error instanceof Refused ? error : new Refused(500, 'internal')
      const body = { type: `/problems/${refused.code}`, status: refused.status, code: refused.code }
      return { status: refused.status, type: 'application/problem+json', body }
    })
    const data = Buffer.from(JSON.stringify(body))
    response.writeHead(status, { 'content-type': type, 'content-length': data.length }).end(data)
  }

  async #decide(http) {
    const good = (body) => ({ status: 200, type: 'application/json', body })
    if (http.url === '/health' || http.url === '/info') return good({ status: 'UP' })
    const who = await this.passports.check(http.headers['bijou-passport'] ?? '').catch(() => {
      throw new Refused(401, 'passport-refused')
    })
    const request = new Request(http, who)
    request.leftMs()
    return good(await this.handle(request))
  }
}
