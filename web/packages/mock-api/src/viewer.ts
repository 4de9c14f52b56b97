//! The viewer's half of the mock: accounts, the library, one film. State lives as long as the process.
//!
//! `POST /mock/fault {path, status, times}` makes the next answers under a path fail, to look at error states.
//! `POST /mock/token-refused` makes every manifest and segment token handed out so far invalid.

import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Account, Session } from '@bijou/api-client/types.ts'
import { DURATION_S, filmFolder, filmReady } from './film.ts'
import { bodyOf, refuse, send, type Handler } from './http.ts'
import { episodes, hero, moreRows, rows, seasons, titles } from './library.ts'
import { poster } from './poster.ts'

interface Member { account: Account; password: string; sessions: Session[] }

const members = new Map<string, Member>([['demo@bijou.example', {
  account: { id: 'acc-demo', email: 'demo@bijou.example', name: 'Demo', created_at: new Date().toISOString() },
  password: 'popcorn-and-velvet', sessions: [],
}]])
const access = new Map<string, { member: Member; session: string }>()
const faults: { path: string; status: number; times: number }[] = []
let playbackTokens = new Set<string>()
export const reported: { id: string; kind: string; position_s: number }[] = []

const now = () => new Date().toISOString()

function tokenFor(member: Member, session: string): string {
  const token = `mock.${crypto.randomUUID()}`
  access.set(token, { member, session })
  return token
}

export const viewer: Handler = async (request, response, url) => {
  const { pathname } = url
  const asked = `${request.method} ${pathname}`
  const fault = faults.find((each) => pathname.startsWith(each.path) && each.times > 0)
  if (fault) {
    fault.times -= 1
    return refuse(response, fault.status, 'mock-fault', 'This answer was made to fail')
  }
  switch (asked) {
    case 'POST /mock/fault':
      faults.push(JSON.parse(await bodyOf(request)))
      return send(response, 204)
    case 'POST /mock/token-refused':
      playbackTokens = new Set()
      return send(response, 204)
    case 'GET /mock/reported':
      return send(response, 200, reported)
    case 'POST /v1/accounts': {
      const { email, password, name } = JSON.parse(await bodyOf(request)) as Record<string, string>
      if (!email || !password || password.length < 8) return refuse(response, 422, 'password-too-short', 'The password is too short')
      if (members.has(email)) return refuse(response, 409, 'email-taken', 'This address has an account already')
      const account: Account = { id: `acc-${members.size}`, email, created_at: now(), ...(name && { name }) }
      members.set(email, { account, password, sessions: [] })
      return send(response, 201, account)
    }
    case 'POST /v1/sessions': {
      const { email, password, device_name } = JSON.parse(await bodyOf(request)) as Record<string, string>
      const member = members.get(email ?? '')
      if (!member || member.password !== password) return refuse(response, 401, 'credentials-invalid', 'Address or password is not right')
      const session: Session = { id: crypto.randomUUID(), created_at: now(), last_seen_at: now(), current: false, ...(device_name && { device_name }) }
      member.sessions.push(session)
      const cookie = `bijou_refresh=${session.id}; HttpOnly; SameSite=Strict; Path=/oauth`
      return send(response, 201, {
        session, account: member.account, access_token: tokenFor(member, session.id), token_type: 'Bearer', expires_in: 600,
      }, { 'set-cookie': cookie })
    }
    case 'POST /oauth/token': {
      const id = /bijou_refresh=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
      for (const member of members.values()) {
        if (member.sessions.some((session) => session.id === id)) {
          return send(response, 200, { access_token: tokenFor(member, id ?? ''), token_type: 'Bearer', expires_in: 600 })
        }
      }
      return send(response, 400, { error: 'invalid_grant', error_description: 'the refresh token is not known' })
    }
  }
  if (pathname.startsWith('/img/')) return image(response, pathname)
  if (pathname.startsWith('/m/') || pathname.startsWith('/s/')) return media(request, response, pathname)
  if (!pathname.startsWith('/v1/')) return false

  const who = access.get((request.headers.authorization ?? '').replace('Bearer ', ''))
  if (!who) return refuse(response, 401, 'token-missing', 'Sign in first')
  return signedIn(asked, who, request, response, url)
}

async function signedIn(
  asked: string, who: { member: Member; session: string },
  request: Parameters<Handler>[0], response: Parameters<Handler>[1], url: URL,
): Promise<boolean> {
  const { member, session } = who
  const [, , noun, id, verb] = url.pathname.split('/')
  switch (noun) {
    case 'accounts':
      return send(response, 200, member.account)
    case 'sessions': {
      if (request.method === 'GET') return send(response, 200, { items: member.sessions.map((each) => ({ ...each, current: each.id === session })) })
      const ended = id === 'current' ? session : id
      member.sessions = member.sessions.filter((each) => each.id !== ended)
      return send(response, 204)
    }
    case 'home':
      return url.searchParams.has('cursor')
        ? send(response, 200, { rows: moreRows })
        : send(response, 200, { hero, rows, next: 'more' })
    case 'titles': {
      if (!id) return send(response, 200, { items: titles.slice(0, Number(url.searchParams.get('limit') ?? 20)), facets: {} })
      const title = titles.find((each) => each.id === id)
      return title ? send(response, 200, title) : refuse(response, 404, 'title-not-found', 'There is no such title')
    }
    case 'shows':
      return send(response, 200, { items: verb === 'seasons' ? seasons : [] })
    case 'seasons':
      return send(response, 200, { items: episodes })
    case 'playbacks': {
      const body = JSON.parse(await bodyOf(request))
      if (id) {
        reported.push({ id, ...body })
        return send(response, 202)
      }
      if (!(await filmReady())) return refuse(response, 503, 'media-missing', 'ffmpeg is not installed here')
      const token = crypto.randomUUID()
      playbackTokens.add(token)
      return send(response, 201, {
        id: crypto.randomUUID(), title_id: body.title_id, duration_s: DURATION_S, subtitles: [],
        manifest: { hls: `/m/film/${token}/master.m3u8`, dash: `/m/film/${token}/manifest.mpd` },
        expires_at: new Date(Date.now() + 4 * 3600_000).toISOString(), events_url: `/v1/playbacks/${token}/events`,
      })
    }
  }
  return refuse(response, 404, 'route-not-found', `Nothing answers ${asked}`)
}

function image(response: Parameters<Handler>[1], pathname: string): true {
  const [, , id, role] = pathname.split('/')
  const title = titles.find((each) => each.id === id)
  response.setHeader('content-type', 'image/svg+xml')
  response.setHeader('cache-control', 'public, max-age=31536000, immutable')
  response.end(poster(id ?? '', title?.name ?? '', role ?? 'poster'))
  return true
}

const MEDIA_TYPES: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl', m4s: 'video/iso.segment', mp4: 'video/mp4', vtt: 'text/vtt',
}

function media(request: Parameters<Handler>[0], response: Parameters<Handler>[1], pathname: string): true {
  const [, , , token] = pathname.split('/')
  if (!playbackTokens.has(token ?? '')) return refuse(response, 401, 'playback-token-expired', 'Ask for a new playback')
  const file = join(filmFolder, basename(pathname))
  if (!existsSync(file)) return refuse(response, 404, 'segment-not-found', 'There is no such file')
  response.setHeader('content-type', MEDIA_TYPES[file.split('.').pop() ?? ''] ?? 'application/octet-stream')
  const { size } = statSync(file)
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
  if (!range) {
    response.setHeader('content-length', size)
    createReadStream(file).pipe(response)
    return true
  }
  const start = Number(range[1])
  const end = range[2] ? Math.min(Number(range[2]), size - 1) : size - 1
  response.statusCode = 206
  response.setHeader('content-range', `bytes ${start}-${end}/${size}`)
  createReadStream(file, { start, end }).pipe(response)
  return true
}
