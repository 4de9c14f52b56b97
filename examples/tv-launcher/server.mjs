//! A television maker's server for its launcher: the page, and the calls that need the key, which never reaches a
//! television. What a viewer does (signing in, playing) the page asks Bijou itself. No dependencies; Node.js 20.
//!
//!   BIJOU=http://127.0.0.1:8080 BIJOU_KEY=bjs_… node examples/tv-launcher/server.mjs
//!
//! PORT chooses the port; 0 takes a free one, which is printed.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const bijou = (process.env.BIJOU ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const key = process.env.BIJOU_KEY
if (!key) {
  console.error('BIJOU_KEY is missing: `node examples/tv-launcher/register.mjs` makes an app, as does %s/partner/portal', bijou)
  process.exit(2)
}

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
const FILES = ['index.html', 'launcher.js', 'launcher.css', 'bijou.js', 'player.js', 'qr.js']
/** What a card shows and where it leads; the rest of a title stays where it is. */
const FIELDS = 'name,year,kind,genres,playable,artwork,links'

/** What was read last, with its entity tag: an unchanged part costs an empty answer. */
const known = new Map()

async function part(path) {
  const before = known.get(path)
  const headers = { 'x-api-key': key, ...(before?.tag && { 'if-none-match': before.tag }) }
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

/** The episodes of a show in their order. */
async function episodes(show) {
  const { items: seasons } = await part(`/partner/v1/shows/${encodeURIComponent(show)}/seasons`)
  const all = await Promise.all(seasons.map(async (season) => {
    const { items } = await part(`/partner/v1/seasons/${encodeURIComponent(season.id)}/episodes`)
    return items.map((each) => ({ season: each.season, number: each.number, name: each.name, play: each.links.play }))
  }))
  return all.flat()
}

/** Whom the page asks as: an app's id is its `client_id`. */
async function config() {
  const app = await part('/partner/v1/app')
  return { address: bijou, client: app.id }
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://launcher')
  const json = (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.method !== 'GET') return response.writeHead(405).end()
  if (pathname === '/config') return json(await config())
  if (pathname === '/titles') return json(await titles())
  if (pathname.startsWith('/episodes/')) return json(await episodes(decodeURIComponent(pathname.slice(10))))
  // Deep links are the page's to understand.
  const isPage = pathname === '/' || /^\/(watch|title)\//.test(pathname)
  const name = isPage ? 'index.html' : pathname.slice(1)
  if (!FILES.includes(name)) return response.writeHead(404).end()
  const type = TYPES[name.split('.').at(-1)]
  return response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(await readFile(new URL(name, import.meta.url)))
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error.message)
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
    response.end('Bijou did not answer as it should; the launcher asks again')
  })
})
server.listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
