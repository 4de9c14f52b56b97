//! One way to ask the platform something: a token in memory, one refresh on 401, patience for what passes.
//!
//! The access token never leaves this object; the refresh token never enters JavaScript at all (HttpOnly cookie).
//! Leaves out caching: the browser's HTTP cache and the services' ETags do that.

import { isPassing, readProblem, unreachable, type Problem } from './problem.ts'

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  /** Tries after the first, at most; for what has a stand-in. */
  again_max?: number
  /** Survives the page being left; for the last playback event. */
  keepalive?: boolean
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
  }

  /** Called when a refresh is refused: the session was ended here or elsewhere. */
  onSignedOut(listener: () => void): void {
    this.#signedOut.push(listener)
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

  /** Gets a new access token by the refresh cookie. Many callers at once share one request. */
  refresh(): Promise<Refreshed> {
    this.#refreshing ??= this.#exclusively(() => this.#refreshOnce()).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refreshOnce(): Promise<Refreshed> {
    let response: Response
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
      this.#token = body.access_token
      return 'refreshed'
    }
    if (response.status >= 500 || response.status === 429) return 'unknown'
    this.#token = undefined
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
    if (!(response instanceof Response) || response.status !== 401 || used === undefined) return response
    // Another request may have refreshed while this one was under way.
    const renewed = this.#token !== used && this.#token !== undefined
    if (!renewed && (await this.refresh()) !== 'refreshed') return response
    return this.#once(path, ask)
  }

  async #once(path: string, ask: Ask): Promise<Response | Problem> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`
    if (ask.body !== undefined) headers['content-type'] = 'application/json'
    try {
      return await this.#fetch(path, {
        method: ask.method ?? 'GET',
        headers,
        credentials: 'same-origin',
        ...(ask.body !== undefined && { body: JSON.stringify(ask.body) }),
        ...(ask.signal && { signal: ask.signal }),
        ...(ask.keepalive && { keepalive: true }),
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
