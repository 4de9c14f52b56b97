//! What an app on a device asks of Bijou for its viewer: to be let in by a code (the device grant, RFC 8628), and to play.
//! Everything here is the public REST API, called from this page with the viewer's own token; no key of the maker's is needed.
//!
//! `client_id` is the app's id. In the sandbox it signs in its developer only, in production everybody.

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
/** A television's system has a better place for this than a page has. */
const KEPT = 'lantern.refresh-token'

/** A refusal, with the platform's own words and code. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? body.error_description ?? `Bijou answered ${status}`)
    this.status = status
    this.code = body.code ?? body.bijou_code ?? body.error
  }
}

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))

async function read(answer) {
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Refused(answer.status, body)
  return body
}

export class Bijou {
  #access
  #refreshing

  constructor(address, client) {
    this.address = address
    this.client = client
  }

  get isSignedIn() {
    return localStorage.getItem(KEPT) !== null
  }

  /** Begins to be let in: `user_code` and `verification_uri_complete` are for the screen. */
  begin(device_name) {
    return this.#form('/oauth/device_authorization', { client_id: this.client, device_name })
  }

  /** Asks every `interval` seconds, five seconds slower whenever told to slow down, until somebody has decided or `signal`. */
  async waitFor(begun, signal) {
    let { interval } = begun
    for (;;) {
      await wait(interval)
      signal.throwIfAborted()
      try {
        this.#keep(await this.#form('/oauth/token', { grant_type: DEVICE_GRANT, device_code: begun.device_code, client_id: this.client }))
        return
      } catch (error) {
        if (error.code === 'slow_down') interval += 5
        // Also where nobody answers for a moment: the code is good for ten minutes.
        else if (error instanceof Refused && error.code !== 'authorization_pending') throw error
      }
    }
  }

  /** The people of the household. */
  async profiles() {
    return (await this.call('GET', '/v1/profiles')).items
  }

  /** From now on the tokens are this person's: their list, where they stopped, what they may see. */
  async become(profile) {
    if (!this.#access) await this.#refresh()
    this.#keep(await this.#form('/oauth/token', {
      grant_type: EXCHANGE_GRANT, subject_token: this.#access, subject_token_type: ACCESS_TOKEN, resource: `urn:bijou:profile:${profile}`,
    }))
  }

  /** One call as the viewer. An access token lives for ten minutes: one that is over is exchanged for the next. */
  async call(method, path, body, options = {}) {
    if (!this.#access) await this.#refresh()
    const once = () => fetch(this.address + path, {
      ...options, method, headers: { authorization: `Bearer ${this.#access}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    let answer = await once()
    if (answer.status === 401) {
      await this.#refresh()
      answer = await once()
    }
    return read(answer)
  }

  /** Ends the session here; the platform's list of sessions ends it from elsewhere. */
  async leave() {
    const token = localStorage.getItem(KEPT)
    this.#forget()
    if (token) await fetch(`${this.address}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ token }) }).catch(() => undefined)
  }

  /** A refresh token is used once: two questions at the same moment share one. */
  #refresh() {
    this.#refreshing ??= this.#refreshOnce().finally(() => { this.#refreshing = undefined })
    return this.#refreshing
  }

  async #refreshOnce() {
    const refresh_token = localStorage.getItem(KEPT)
    if (!refresh_token) throw new Refused(401, { detail: 'Nobody is signed in on this television.' })
    try {
      this.#keep(await this.#form('/oauth/token', { grant_type: 'refresh_token', refresh_token, client_id: this.client }))
    } catch (error) {
      // The session was ended elsewhere, or the app was stopped; anything else passes.
      if (error.code === 'invalid_grant') this.#forget()
      throw error
    }
  }

  #keep(tokens) {
    this.#access = tokens.access_token
    if (tokens.refresh_token) localStorage.setItem(KEPT, tokens.refresh_token)
  }

  #forget() {
    this.#access = undefined
    localStorage.removeItem(KEPT)
  }

  async #form(path, fields) {
    return read(await fetch(this.address + path, { method: 'POST', body: new URLSearchParams(fields) }))
  }
}
