//! Where somebody stopped, on its way to profiles: kept until it has been taken, on this device, over reloads.
//!
//! Of each playback only the newest word counts, so that is all that is kept; a platform that is away for a minute, or a
//! train in a tunnel, loses nothing. Every report has the playback's own count, and profiles takes one count once: sending
//! twice does no harm. A report belongs to the profile that watched and is never sent in another one's name.
//! Left out: how a report travels. The page says.

export type PositionState = 'playing' | 'paused' | 'stopped'

/** The body of `PUT /v1/me/positions/{episode or title}`. */
export interface PositionReport {
  title_id: string
  episode_id?: string
  session: string
  seq: number
  position_s: number
  duration_s: number
  /** RFC 3339, by this device's clock. */
  at: string
  state: PositionState
}

/** What is being played. */
export interface Played { id: string; title_id: string; episode_id?: string; duration_s: number }

/** `later`: nobody answered, or it is another profile's turn. `refused`: it will never be taken. */
export type Delivery = 'taken' | 'refused' | 'later'

export interface PositionOptions {
  /** Who watches now; `undefined` for the account as a whole, which stops nowhere. */
  profile: () => string | undefined
  send: (playable: string, report: PositionReport, keepalive: boolean) => Promise<Delivery>
  /** Absent where a browser has none: then only this page remembers. */
  storage?: Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'> | undefined
  now?: () => number
}

const PREFIX = 'bijou.position.'
/** Playbacks remembered while nobody takes them; the oldest go first. */
const KEPT_MAX = 50
/** Older reports than this move nobody's place any more. */
const KEPT_DAYS = 30
const PAUSES_MS = [1_000, 2_000, 5_000, 15_000, 30_000]

export class PositionQueue {
  readonly #options: PositionOptions
  readonly #storage: NonNullable<PositionOptions['storage']>
  readonly #counts = new Map<string, number>()
  #flushing: Promise<void> | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #failures = 0

  constructor(options: PositionOptions) {
    this.#options = options
    this.#storage = options.storage ?? new Memory()
    this.#forgetOld()
  }

  /** How many reports have not been taken yet. */
  get waiting(): number {
    return this.#keys(PREFIX).length
  }

  /** Notes where the film is, and tells it. `keepalive`: the page may be gone before the answer. */
  report(played: Played, position_s: number, state: PositionState, keepalive = state === 'stopped'): void {
    const profile = this.#options.profile()
    if (profile === undefined || !Number.isFinite(position_s) || played.duration_s <= 0) return
    const seq = (this.#counts.get(played.id) ?? 0) + 1
    this.#counts.set(played.id, seq)
    const report: PositionReport = {
      title_id: played.title_id, ...(played.episode_id !== undefined && { episode_id: played.episode_id }),
      session: played.id, seq, state,
      position_s: rounded(Math.min(Math.max(0, position_s), played.duration_s)), duration_s: rounded(played.duration_s),
      at: new Date(this.#now()).toISOString(),
    }
    this.#keep(keyOf(profile, played.id), JSON.stringify(report))
    void this.flush(keepalive)
  }

  /** Tells what has not been taken: at the start of a page, when the network is back, when somebody signs in. */
  flush(keepalive = false): Promise<void> {
    // The last word must leave with the page, not after an earlier one has been answered.
    if (keepalive) return this.#deliverAll(true)
    this.#flushing ??= this.#deliverAll(false).finally(() => (this.#flushing = undefined))
    return this.#flushing
  }

  /** Somebody signed out: nothing of them stays on this device. */
  clear(): void {
    this.stop()
    for (const key of this.#keys(PREFIX)) this.#storage.removeItem(key)
  }

  stop(): void {
    clearTimeout(this.#again)
    this.#again = undefined
  }

  async #deliverAll(keepalive: boolean): Promise<void> {
    this.stop()
    const profile = this.#options.profile()
    if (profile === undefined) return
    const mine = this.#keys(keyOf(profile, ''))
    if (keepalive) {
      const taken = await Promise.all(mine.map((key) => this.#deliver(key, true)))
      // The film was left, but the page may still be there.
      if (taken.includes(false)) this.#later()
      return
    }
    for (const key of mine) {
      // One that is not taken now says that the next would not be either.
      if (!(await this.#deliver(key, false))) return this.#later()
    }
    this.#failures = 0
    // What was noted while this was under way.
    if (this.#keys(keyOf(profile, '')).length > 0) this.#tryIn(PAUSES_MS[0])
  }

  #later(): void {
    this.#tryIn(PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)])
    this.#failures += 1
  }

  #tryIn(pause_ms: number | undefined): void {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => void this.flush(), pause_ms)
  }

  /** `false`: it has to be tried again. */
  async #deliver(key: string, keepalive: boolean): Promise<boolean> {
    const text = this.#storage.getItem(key)
    const report = readReport(text)
    if (!report) {
      this.#storage.removeItem(key)
      return true
    }
    const delivery = await this.#options.send(report.episode_id ?? report.title_id, report, keepalive).catch(() => 'later' as const)
    // A newer one may have come meanwhile, from here or from another tab.
    if (delivery !== 'later' && this.#storage.getItem(key) === text) this.#storage.removeItem(key)
    return delivery !== 'later'
  }

  #keep(key: string, text: string): void {
    const others = this.#keys(PREFIX).filter((each) => each !== key)
    for (const each of others.sort((a, b) => this.#age(b) - this.#age(a)).slice(0, Math.max(0, others.length - KEPT_MAX + 1))) {
      this.#storage.removeItem(each)
    }
    try {
      this.#storage.setItem(key, text)
    } catch {
      // A full disk: this report may be lost, the film goes on.
    }
  }

  #forgetOld(): void {
    for (const key of this.#keys(PREFIX)) {
      if (this.#age(key) > KEPT_DAYS * 86_400_000) this.#storage.removeItem(key)
    }
  }

  /** In ms; what cannot be read is as old as can be. */
  #age(key: string): number {
    const at = Date.parse(readReport(this.#storage.getItem(key))?.at ?? '')
    return Number.isNaN(at) ? Infinity : this.#now() - at
  }

  #keys(prefix: string): string[] {
    const keys: string[] = []
    for (let at = 0; at < this.#storage.length; at += 1) {
      const key = this.#storage.key(at)
      if (key?.startsWith(prefix)) keys.push(key)
    }
    return keys.sort()
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }
}

/** What an answer's status means for a report. */
export function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return 'taken'
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500 ? 'later' : 'refused'
}

const keyOf = (profile: string, session: string) => `${PREFIX}${profile}.${session}`

const rounded = (seconds: number) => Math.round(seconds * 1000) / 1000

function readReport(text: string | null): PositionReport | undefined {
  try {
    const read = JSON.parse(text ?? 'null') as PositionReport | null
    return read && typeof read.title_id === 'string' && typeof read.at === 'string' ? read : undefined
  } catch {
    return undefined
  }
}

/** What stands in for a browser's storage. */
class Memory {
  readonly #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  key = (at: number) => [...this.#items.keys()][at] ?? null
  getItem = (key: string) => this.#items.get(key) ?? null
  setItem = (key: string, value: string) => void this.#items.set(key, value)
  removeItem = (key: string) => void this.#items.delete(key)
}
