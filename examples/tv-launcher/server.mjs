//! A television maker's server for its launcher: the page, and the calls that need the key, which never reaches a
//! television. No dependencies; Node.js 20.
//!
//!   BIJOU=http://127.0.0.1:8080 BIJOU_KEY=bjs_… node examples/tv-launcher/server.mjs
//!
//! PORT chooses the port; 0 takes a free one, which is printed. BIJOU_CLIENT is the client id that viewers sign in with.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const bijou = (process.env.BIJOU ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const key = process.env.BIJOU_KEY
/** One of the platform's `identity.device_clients`, to which an operator adds a maker's own. */
const client = process.env.BIJOU_CLIENT ?? 'bijou-tv'
if (!key) {
  console.error('BIJOU_KEY is missing: make an app at %s/partner/portal and take its key', bijou)
  process.exit(2)
}

const FILES = { '/': ['index.html', 'text/html'], '/launcher.js': ['launcher.js', 'text/javascript'], '/launcher.css': ['launcher.css', 'text/css'] }
/** What a card shows and where it leads; the rest of a title stays where it is. */
const FIELDS = 'name,year,kind,genres,playable,artwork,links'
/** Device authorization (RFC 8628): the only calls a television makes for its viewer. They need no key of ours. */
const SIGN_IN = ['/oauth/device_authorization', '/oauth/token']
const BODY_BYTES_MAX = 8192

/** What was read last, with its entity tag: an unchanged part costs an empty answer. */
const known = new Map()

async function part(path) {
  const before = known.get(path)
  const headers = { 'x-api-key': key, ...(before ? { 'if-none-match': before.tag } : {}) }
  const answer = await fetch(bijou + path, { headers, signal: AbortSignal.timeout(10_000) })
  if (answer.status === 304) return before.body
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  const body = await answer.json()
  known.set(path, { tag: answer.headers.get('etag'), body })
  return body
}

/** Every title, part by part. A catalog of many thousands would be kept by snapshot and changes instead. */
async function titles() {
  const all = []
  let next
  do {
    const from = next ? `&cursor=${encodeURIComponent(next)}` : ''
    const body = await part(`/partner/v1/titles?limit=200&fields=${FIELDS}${from}`)
    all.push(...body.items)
    next = body.next
  } while (next)
  return all
}

async function read(request) {
  const chunks = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new Error('the body is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://launcher')
  if (request.method === 'POST' && SIGN_IN.includes(pathname)) {
    const body = new URLSearchParams(await read(request))
    body.set('client_id', client)
    const passed = await fetch(bijou + pathname, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
    return response.writeHead(passed.status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(await passed.text())
  }
  if (request.method !== 'GET') return response.writeHead(405).end()
  if (pathname === '/titles') {
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await titles()))
  }
  const file = FILES[pathname]
  if (!file) return response.writeHead(404).end()
  return response.writeHead(200, { 'content-type': `${file[1]}; charset=utf-8` }).end(await readFile(new URL(file[0], import.meta.url)))
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message)
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
    response.end('Bijou did not answer as it should; the launcher asks again')
  })
})
server.listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
