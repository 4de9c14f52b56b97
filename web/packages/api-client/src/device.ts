//! Signing in a device that has no keyboard, by a code that is typed elsewhere (RFC 8628): both ends of it.

import type { components } from './generated/identity.ts'
import { readProblem, unreachable, type Problem } from './problem.ts'
import type { Answer, Transport } from './transport.ts'

type Schemas = components['schemas']
export type DeviceAuthorization = Schemas['IdentityDeviceAuthorization']
export type DeviceCode = Schemas['IdentityDeviceCode']

const CLIENT = 'bijou-tv'
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** What came of asking whether somebody has decided. `slow_down` means that the pause has to grow. */
export type Waited = 'signed-in' | 'waiting' | 'slow_down' | 'refused' | 'expired' | 'away'

const WORDS: Record<string, Waited> = {
  authorization_pending: 'waiting', slow_down: 'slow_down', access_denied: 'refused', expired_token: 'expired', invalid_grant: 'expired',
}

/** What an answer without a token means. */
export function waitedBy(problem: Problem): Waited {
  return WORDS[problem.code] ?? 'away'
}

export class Device {
  constructor(readonly transport: Transport) {}

  /** The device's first question: a code to show. */
  begin = (device_name: string): Promise<Answer<DeviceAuthorization>> =>
    form('/oauth/device_authorization', { client_id: CLIENT, device_name })

  /** The device's other questions, every `interval` seconds. The refresh token goes into the cookie, as in any browser. */
  async wait(device_code: string): Promise<Waited> {
    const answer = await form<{ access_token: string }>('/oauth/token', { grant_type: GRANT, device_code, client_id: CLIENT, cookie: 'true' })
    if (!answer.ok) return waitedBy(answer.problem)
    this.transport.token = answer.value.access_token
    return 'signed-in'
  }

  /** Who waits with this code, as whoever may let them in sees it. */
  look = (code: string): Promise<Answer<DeviceCode>> => this.transport.ask(`/v1/device-codes/${encodeURIComponent(code)}`, { fresh: true })
  decide = (code: string, approve: boolean): Promise<Answer<void>> =>
    this.transport.ask(`/v1/device-codes/${encodeURIComponent(code)}/decision`, { method: 'PUT', body: { approve } })
}

async function form<T>(path: string, fields: Record<string, string>): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { method: 'POST', body: new URLSearchParams(fields), credentials: 'same-origin' })
    if (!response.ok) return { ok: false, problem: await readProblem(response) }
    return { ok: true, value: (await response.json()) as T }
  } catch {
    return { ok: false, problem: unreachable() }
  }
}
