//! One way to ask the platform something: a token in memory, one refresh on 401, patience for what passes.
//!
//! The access token never leaves this object; the refresh token never enters JavaScript at all (HttpOnly cookie).
//! Leaves out caching: the browser's HTTP cache and the services' ETags do that.

import { isPassing, readProblem, unreachable, type Problem } from './problem.ts'

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  /** Tries after the first, at most; for what has a stand-in. */
  again_max?: number
  /** Survives the page being left; for the last playback event. */
  keepalive?: boolean
  /** Past the browser's cache, with its entity tag: for what the person has just changed. */
  fresh?: boolean
}

export interface TransportOptions {
  fetch?: typeof fetch
  /** Waits between attempts of a safe request, in ms. Its length bounds the attempts. */
  pauses_ms?: number[]
  sleep?: (ms: number) => Promise<void>
  /** Runs a task while no other tab runs one; refresh tokens rotate, and two at once look like theft. */
  exclusively?: <T>(task: () => Promise<T>) => Promise<T>
}

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

function acrossTabs<T>(task: () => Promise<T>): Promise<T> {
  // Absent on plain HTTP from another host, where only this tab can be ordered.
  const locks = (globalThis.navigator as Navigator | undefined)?.locks
  return locks ? locks.request('bijou-refresh', task) as Promise<T> : task()
}

export type Refreshed = 'refreshed' | 'signed-out' | 'unknown'

export class Transport {
  #token: string | undefined
  #refreshing: Promise<Refreshed> | undefined
  #signedOut: (() => void)[] = []
  #profile: string | undefined
  /** Nobody answered when a token was last asked for: there may well be a session. */
  #unsure = false
  /** BCP 47; names and words of films are asked for in it, where they are there. */
  language: string | undefined
  #changed: ((profile: string | undefined) => void)[] = []
  readonly #fetch: typeof fetch
  readonly #pauses_ms: number[]
  readonly #sleep: (ms: number) => Promise<void>
  readonly #exclusively: NonNullable<TransportOptions['exclusively']>

  constructor(options: TransportOptions = {}) {
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init))
    this.#pauses_ms = options.pauses_ms ?? [250, 700, 1500]
    this.#sleep = options.sleep ?? wait
    this.#exclusively = options.exclusively ?? acrossTabs
  }

  set token(token: string | undefined) {
    this.#token = token
    const profile = token === undefined ? undefined : profileIn(token)
    if (profile === this.#profile) return
    this.#profile = profile
    for (const listener of this.#changed) listener(profile)
  }

  /** Called when a refresh is refused: the session was ended here or elsewhere. */
  onSignedOut(listener: () => void): void {
    this.#signedOut.push(listener)
  }

  /** Called with whom a token speaks for, whenever that is another than before: also when another tab changed it. */
  onProfile(listener: (profile: string | undefined) => void): void {
    this.#changed.push(listener)
  }

  /** The profile the token speaks for; `undefined` for the account as a whole. Read to know what to show, never to allow. */
  get profile(): string | undefined {
    return this.#profile
  }

  async ask<T>(path: string, ask: Ask = {}): Promise<Answer<T>> {
    const response = await this.#patiently(path, ask)
    if (!(response instanceof Response)) return { ok: false, problem: response }
    if (!response.ok) return { ok: false, problem: await readProblem(response) }
    try {
      // Read to the end even when nothing is expected, so that the connection can be used again.
      const text = await response.text()
      return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as T }
    } catch {
      // A body that was cut off is the network's doing, like an answer that never came.
      return { ok: false, problem: unreachable() }
    }
  }

  /** An answer that is no JSON, such as an archive. */
  async file(path: string): Promise<Answer<Blob>> {
    const response = await this.#patiently(path, {})
    if (!(response instanceof Response)) return { ok: false, problem: response }
    if (!response.ok) return { ok: false, problem: await readProblem(response) }
    return response.blob().then((value) => ({ ok: true, value }), () => ({ ok: false, problem: unreachable() }))
  }

  /** As it comes, whatever its status: for looking at an answer. With the token, which stays in here; renewed once if it is over. */
  async raw(path: string, init: { method: string; headers: Record<string, string>; body?: string }): Promise<Response> {
    const once = () => this.#fetch(path, {
      ...init, credentials: 'same-origin', headers: { ...init.headers, ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }) },
    })
    const response = await once()
    return response.status === 401 && (await this.refresh()) === 'refreshed' ? once() : response
  }

  /**
   * Trades the token for one of another resource (RFC 8693): a profile, or the account as a whole. A token that has
   * expired meanwhile is renewed first; refusals carry the platform's own code (`pin-required`, `pin-wrong`, ..).
   */
  async exchange(resource: string, pin?: string): Promise<Answer<void>> {
    const first = await this.#exchangeOnce(resource, pin)
    // It was the token that was refused, not the person.
    if (first.ok || first.problem.code !== 'subject-token-invalid' || (await this.refresh()) !== 'refreshed') return first
    return this.#exchangeOnce(resource, pin)
  }

  async #exchangeOnce(resource: string, pin: string | undefined): Promise<Answer<void>> {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: this.#token ?? '',
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource,
      ...(pin !== undefined && { pin }),
    })
    try {
      const response = await this.#fetch('/oauth/token', { method: 'POST', body: form, credentials: 'same-origin' })
      if (!response.ok) return { ok: false, problem: await readProblem(response) }
      this.token = ((await response.json()) as { access_token: string }).access_token
      return { ok: true, value: undefined }
    } catch {
      return { ok: false, problem: unreachable() }
    }
  }

  /** Gets a new access token by the refresh cookie. Many callers at once share one request. */
  refresh(): Promise<Refreshed> {
    this.#refreshing ??= this.#exclusively(() => this.#refreshOnce()).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refreshOnce(): Promise<Refreshed> {
    let response: Response
    this.#unsure = true
    try {
      response = await this.#fetch('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token' }),
        credentials: 'same-origin',
        // The cookie in the answer must be kept even when the page is left meanwhile:
        // coming back with the old one would look like a stolen token.
        keepalive: true,
      })
    } catch {
      return 'unknown'
    }
    if (response.ok) {
      const body = (await response.json()) as { access_token: string }
      this.token = body.access_token
      this.#unsure = false
      return 'refreshed'
    }
    if (response.status >= 500 || response.status === 429) return 'unknown'
    this.#unsure = false
    this.token = undefined
    for (const listener of this.#signedOut) listener()
    return 'signed-out'
  }

  async #patiently(path: string, ask: Ask): Promise<Response | Problem> {
    const safe = (ask.method ?? 'GET') !== 'POST'
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.#authenticated(path, ask)
      const passing = response instanceof Response
        ? isPassing({ code: '', title: '', status: response.status })
        : isPassing(response)
      const pause = attempt < (ask.again_max ?? Infinity) ? this.#pauses_ms[attempt] : undefined
      if (!passing || !safe || pause === undefined || ask.signal?.aborted) return response
      await this.#sleep(pauseOf(response, pause))
    }
  }

  async #authenticated(path: string, ask: Ask): Promise<Response | Problem> {
    const used = this.#token
    const response = await this.#once(path, ask)
    if (!(response instanceof Response) || response.status !== 401 || (used === undefined && !this.#unsure)) return response
    // Another request may have refreshed while this one was under way.
    const renewed = this.#token !== used && this.#token !== undefined
    if (!renewed && (await this.refresh()) !== 'refreshed') return response
    return this.#once(path, ask)
  }

  async #once(path: string, ask: Ask): Promise<Response | Problem> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`
    if (this.language !== undefined) headers['accept-language'] = `${this.language}, en;q=0.5`
    if (ask.body !== undefined) headers['content-type'] = 'application/json'
    try {
      return await this.#fetch(path, {
        method: ask.method ?? 'GET',
        headers,
        credentials: 'same-origin',
        ...(ask.body !== undefined && { body: JSON.stringify(ask.body) }),
        ...(ask.signal && { signal: ask.signal }),
        ...(ask.keepalive && { keepalive: true }),
        ...(ask.fresh && { cache: 'no-cache' as const }),
      })
    } catch {
      return unreachable()
    }
  }
}

function pauseOf(response: Response | Problem, pause_ms: number): number {
  if (!(response instanceof Response)) return pause_ms
  const seconds = Number(response.headers.get('retry-after'))
  // A longer wait than five seconds is for the person to decide, not for a spinner.
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, 5000) : pause_ms
}

/** The claim `profile` of a token that is a JWT; nothing of one that is not. */
function profileIn(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0))
    const { profile } = JSON.parse(new TextDecoder().decode(bytes)) as { profile?: unknown }
    return typeof profile === 'string' ? profile : undefined
  } catch {
    return undefined
  }
}
