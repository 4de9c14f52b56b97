import { describe, expect, test } from 'vitest'
import { Transport } from './transport.ts'

type Handler = (path: string, init: RequestInit) => Response | Promise<Response>

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

function transportOf(handler: Handler) {
  const asked: string[] = []
  const slept: number[] = []
  const transport = new Transport({
    fetch: (async (input: RequestInfo | URL, init?: RequestInit) => {
      asked.push(`${init?.method ?? 'GET'} ${String(input)}`)
      return handler(String(input), init ?? {})
    }) as typeof fetch,
    pauses_ms: [10, 20],
    sleep: async (ms) => void slept.push(ms),
    exclusively: (task) => task(),
  })
  return { transport, asked, slept }
}

const bearer = (init: RequestInit) => (init.headers as Record<string, string>)['authorization']

describe('an expired access token', () => {
  test('is renewed once and the request repeated with the new one', async () => {
    const { transport, asked } = transportOf((path, init) => {
      if (path === '/oauth/token') return json(200, { access_token: 'new' })
      return bearer(init) === 'Bearer new' ? json(200, { fine: true }) : json(401, { code: 'token-expired' })
    })
    transport.token = 'old'
    expect(await transport.ask('/v1/home')).toEqual({ ok: true, value: { fine: true } })
    expect(asked).toEqual(['GET /v1/home', 'POST /oauth/token', 'GET /v1/home'])
  })

  test('is renewed once for many requests at the same time', async () => {
    const { transport, asked } = transportOf(async (path, init) => {
      if (path === '/oauth/token') return json(200, { access_token: 'new' })
      return bearer(init) === 'Bearer new' ? json(200, {}) : json(401, {})
    })
    transport.token = 'old'
    await Promise.all([transport.ask('/a'), transport.ask('/b'), transport.ask('/c')])
    expect(asked.filter((line) => line === 'POST /oauth/token')).toHaveLength(1)
  })

  test('is renewed before it is exchanged, and a refused PIN is not', async () => {
    const forms: URLSearchParams[] = []
    const refusals = ['subject-token-invalid', undefined, 'pin-wrong']
    const { transport } = transportOf((_, init) => {
      forms.push(init.body as URLSearchParams)
      if (forms.at(-1)?.get('grant_type') === 'refresh_token') return json(200, { access_token: 'new' })
      const bijou_code = refusals.shift()
      return bijou_code ? json(400, { error: 'invalid_grant', bijou_code }) : json(200, { access_token: 'of kim' })
    })
    transport.token = 'old'
    expect(await transport.exchange('urn:bijou:profile:kim')).toMatchObject({ ok: true })
    expect(forms.map((form) => form.get('subject_token'))).toEqual(['old', null, 'new'])
    expect(await transport.exchange('urn:bijou:profile:ada', '1')).toMatchObject({ problem: { code: 'pin-wrong' } })
    expect(forms).toHaveLength(4)
  })

  test('is not renewed for ever when the service refuses the new one too', async () => {
    const { transport, asked } = transportOf((path) =>
      path === '/oauth/token' ? json(200, { access_token: 'new' }) : json(401, { code: 'token-invalid' }))
    transport.token = 'old'
    const answer = await transport.ask('/v1/home')
    expect(answer).toMatchObject({ ok: false, problem: { status: 401, code: 'token-invalid' } })
    expect(asked).toHaveLength(3)
  })

  test('signs the person out when the refresh cookie is refused', async () => {
    const { transport } = transportOf((path) =>
      path === '/oauth/token' ? json(400, { error: 'invalid_grant' }) : json(401, {}))
    let signedOut = 0
    transport.onSignedOut(() => (signedOut += 1))
    transport.token = 'old'
    await transport.ask('/v1/home')
    expect(signedOut).toBe(1)
  })

  test('that could not be had without a network is asked for again with the first request that is refused', async () => {
    let online = false
    const { transport, asked } = transportOf((path, init) => {
      if (!online) throw new TypeError('no network')
      if (path === '/oauth/token') return json(200, { access_token: 'new' })
      return bearer(init) === 'Bearer new' ? json(200, { fine: true }) : json(401, {})
    })
    expect(await transport.refresh()).toBe('unknown')
    online = true
    expect(await transport.ask('/v1/home')).toEqual({ ok: true, value: { fine: true } })
    expect(asked).toEqual(['POST /oauth/token', 'GET /v1/home', 'POST /oauth/token', 'GET /v1/home'])
  })

  test('keeps the person signed in when identity is merely away', async () => {
    const { transport } = transportOf((path) => (path === '/oauth/token' ? json(503, {}) : json(401, {})))
    let signedOut = 0
    transport.onSignedOut(() => (signedOut += 1))
    transport.token = 'old'
    await transport.ask('/v1/home')
    expect(signedOut).toBe(0)
  })
})

describe('a service that is away for a moment', () => {
  test('is asked again after a pause when the request is safe', async () => {
    let left = 2
    const { transport, slept } = transportOf(() => (left-- > 0 ? json(503, {}) : json(200, { back: true })))
    expect(await transport.ask('/v1/home')).toEqual({ ok: true, value: { back: true } })
    expect(slept).toEqual([10, 20])
  })

  test('is waited for as long as it asks, within reason', async () => {
    let left = 1
    const { transport, slept } = transportOf(() =>
      left-- > 0 ? json(503, {}, { 'retry-after': '60' }) : json(200, {}))
    await transport.ask('/v1/home')
    expect(slept).toEqual([5000])
  })

  test('is not insisted on when there is a stand-in for it', async () => {
    const { transport, asked } = transportOf(() => json(503, {}))
    await transport.ask('/v1/home', { again_max: 1 })
    expect(asked).toHaveLength(2)
  })

  test('is asked only once to create something', async () => {
    const { transport, asked } = transportOf(() => json(503, {}))
    await transport.ask('/v1/accounts', { method: 'POST', body: {} })
    expect(asked).toHaveLength(1)
  })

  test('becomes a problem without status when no answer came at all', async () => {
    const { transport, asked } = transportOf(() => Promise.reject(new TypeError('failed to fetch')))
    expect(await transport.ask('/v1/home')).toMatchObject({ ok: false, problem: { code: 'unreachable', status: 0 } })
    expect(asked).toHaveLength(3)
  })
})

test('an answer without a body is an answer', async () => {
  const { transport } = transportOf(() => new Response(null, { status: 204 }))
  expect(await transport.ask('/v1/sessions/current', { method: 'DELETE' })).toEqual({ ok: true, value: undefined })
})

test('a failure that is no problem document still says its status and request id', async () => {
  const { transport } = transportOf(() =>
    new Response('<h1>Bad Gateway</h1>', { status: 404, headers: { 'content-type': 'text/html', 'x-request-id': 'r1' } }))
  expect(await transport.ask('/x')).toMatchObject({
    ok: false,
    problem: { code: 'http-404', status: 404, request_id: 'r1' },
  })
})

describe('becoming somebody of the household', () => {
  const jwt = (claims: object) => `x.${btoa(JSON.stringify(claims))}.y`
  const formOf = (init: RequestInit) => Object.fromEntries(init.body as URLSearchParams)

  test('trades the token, and tells whom it speaks for from then on', async () => {
    const { transport } = transportOf((_, init) => {
      expect(formOf(init)).toMatchObject({ resource: 'urn:bijou:profile:ada', subject_token: 'old', pin: '1926' })
      return json(200, { access_token: jwt({ profile: 'ada' }) })
    })
    const told: (string | undefined)[] = []
    transport.onProfile((profile) => told.push(profile))
    transport.token = 'old'
    expect(await transport.exchange('urn:bijou:profile:ada', '1926')).toEqual({ ok: true, value: undefined })
    expect([transport.profile, told]).toEqual(['ada', ['ada']])
  })

  test('says why not, with the tries that are left', async () => {
    const { transport, asked } = transportOf(() => json(400, { error: 'invalid_grant', error_description: 'another PIN', bijou_code: 'pin-wrong', tries_left: 3 }))
    const answer = await transport.exchange('urn:bijou:profile:ada', '0000')
    expect(answer).toMatchObject({ ok: false, problem: { code: 'pin-wrong', more: { tries_left: 3 } } })
    expect(asked).toHaveLength(1)
  })

  test('renews a token that has expired meanwhile, and tries once more', async () => {
    const { transport } = transportOf((_, init) => {
      const { grant_type, subject_token } = formOf(init)
      if (grant_type === 'refresh_token') return json(200, { access_token: 'new' })
      return subject_token === 'new' ? json(200, { access_token: jwt({ profile: 'ada' }) }) : json(400, { error: 'invalid_request', bijou_code: 'subject-token-invalid' })
    })
    transport.token = 'old'
    expect((await transport.exchange('urn:bijou:profile:ada')).ok).toBe(true)
  })

  test('a refresh that finds another profile in use says so', async () => {
    const { transport } = transportOf(() => json(200, { access_token: jwt({ profile: 'bob' }) }))
    const told: (string | undefined)[] = []
    transport.token = jwt({ profile: 'ada' })
    transport.onProfile((profile) => told.push(profile))
    await transport.refresh()
    expect(told).toEqual(['bob'])
  })
})

test('every request says the language of whoever watches, and none before there is one', async () => {
  const said: (string | undefined)[] = []
  const { transport } = transportOf((_, init) => {
    said.push((init.headers as Record<string, string>)['accept-language'])
    return json(200, {})
  })
  await transport.ask('/v1/home')
  transport.language = 'de'
  await transport.ask('/v1/home')
  await transport.ask('/v1/me/list', { method: 'PUT', body: {} })
  expect(said).toEqual([undefined, 'de, en;q=0.5', 'de, en;q=0.5'])
})
