//! The viewer's half of the mock: accounts, the library, one film. State lives as long as the process.
//!
//! `POST /mock/fault {path, status, times, code?, more?, exact?}` makes the next answers under a path fail, to look at error states.
//! `POST /mock/token-refused` makes every manifest and segment token handed out so far invalid.

import { createReadStream, existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Account, Session } from '@bijou/api-client/types.ts'
import { DURATION_S, filmFolder, filmReady } from './film.ts'
import { maySee, members, personOf, PIN_TRIES, type Member } from './household.ts'
import { bodyOf, refuse, send, type Handler } from './http.ts'
import { cardOf, episodes, seasons, titleOf, titles } from './library.ts'
import { erasure, exported, me, profiles } from './mine.ts'
import { alike, explained, homeOf, moreRows, search, suggestions } from './programme.ts'
import { poster } from './poster.ts'

interface Access { member: Member; session: string; profile?: string }

const access = new Map<string, Access>()
const faults: { path: string; status: number; times: number; code?: string; more?: object; exact?: boolean }[] = []
let playbackTokens = new Set<string>()
export const reported: { id: string; kind: string; position_s: number }[] = []

const now = () => new Date().toISOString()

/** Has the form of a JWT, since the app reads whose it is. */
function tokenFor(member: Member, session: string): string {
  const profile = member.sessions.find((each) => each.id === session)?.person
  const payload = Buffer.from(JSON.stringify({ sub: member.account.id, ...(profile && { profile }) })).toString('base64url')
  const token = `mock.${payload}.${crypto.randomUUID()}`
  access.set(token, { member, session, ...(profile && { profile }) })
  return token
}

const granted = (response: Parameters<Handler>[1], member: Member, session: string): true =>
  send(response, 200, { access_token: tokenFor(member, session), token_type: 'Bearer', expires_in: 600 })

const denied = (response: Parameters<Handler>[1], bijou_code: string, more: object = {}): true =>
  send(response, 400, { error: 'invalid_grant', error_description: bijou_code.replaceAll('-', ' '), bijou_code, ...more })

function exchange(response: Parameters<Handler>[1], form: URLSearchParams): true {
  const who = access.get(form.get('subject_token') ?? '')
  const session = who?.member.sessions.find((each) => each.id === who.session)
  if (!who || !session) return send(response, 400, { error: 'invalid_request', error_description: 'the subject token is not known', bijou_code: 'subject-token-invalid' })
  const id = form.get('resource')?.replace('urn:bijou:profile:', '')
  const from = who.member.people.find((each) => each.profile.id === session.person)
  const to = who.member.people.find((each) => each.profile.id === id)
  if (id !== 'urn:bijou:account' && !to) return denied(response, 'profile-not-found')
  if (to?.pin !== undefined && to !== from) {
    const pin = form.get('pin')
    if (pin === null) return denied(response, 'pin-required')
    if (to.triesLeft === 0) return denied(response, 'pin-locked')
    if (pin !== to.pin) {
      to.triesLeft -= 1
      return denied(response, 'pin-wrong', { tries_left: to.triesLeft })
    }
    to.triesLeft = PIN_TRIES
  }
  if (to) session.person = to.profile.id
  else delete session.person
  return granted(response, who.member, session.id)
}

export const viewer: Handler = async (request, response, url) => {
  const { pathname } = url
  const asked = `${request.method} ${pathname}`
  const fault = faults.find((each) => each.times > 0 && (each.exact ? pathname === each.path : pathname.startsWith(each.path)))
  if (fault) {
    fault.times -= 1
    const code = fault.code ?? 'mock-fault'
    return send(response, fault.status, { type: `/problems/${code}`, code, title: 'This answer was made to fail', status: fault.status, ...fault.more })
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
      members.set(email, { account, password, sessions: [], people: [personOf({ name: name ?? 'You' })] })
      return send(response, 201, account)
    }
    case 'POST /v1/sessions': {
      const { email, password, device_name } = JSON.parse(await bodyOf(request)) as Record<string, string>
      const member = members.get(email ?? '')
      if (!member || member.password !== password) return refuse(response, 401, 'credentials-invalid', 'Address or password is not right')
      const session: Omit<Session, 'profile'> = { id: crypto.randomUUID(), client: 'bijou-web', created_at: now(), last_seen_at: now(), current: false, ...(device_name && { device_name }) }
      member.sessions.push(session)
      const cookie = `bijou_refresh=${session.id}; HttpOnly; SameSite=Strict; Path=/oauth`
      return send(response, 201, {
        session, account: member.account, access_token: tokenFor(member, session.id), token_type: 'Bearer', expires_in: 600,
      }, { 'set-cookie': cookie })
    }
    case 'POST /oauth/token': {
      const form = new URLSearchParams(await bodyOf(request))
      if (form.get('grant_type')?.endsWith(':token-exchange')) return exchange(response, form)
      const id = /bijou_refresh=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
      for (const member of members.values()) {
        if (member.sessions.some((session) => session.id === id)) {
          return granted(response, member, id ?? '')
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
  asked: string, who: Access,
  request: Parameters<Handler>[0], response: Parameters<Handler>[1], url: URL,
): Promise<boolean> {
  const { member, session } = who
  const [, , noun, id, verb] = url.pathname.split('/').map(decodeURIComponent)
  const person = member.people.find((each) => each.profile.id === who.profile)
  const fits = maySee(person)
  switch (noun) {
    case 'accounts':
      return send(response, 200, member.account)
    case 'sessions': {
      if (request.method === 'GET') return send(response, 200, { items: member.sessions.map(({ person, ...each }) => shownSession(member, each, person, session)) })
      const ended = id === 'current' ? session : id
      member.sessions = member.sessions.filter((each) => each.id !== ended)
      return send(response, 204)
    }
    case 'profiles': return profiles(member, [id, verb].filter((each) => each !== undefined), request, response)
    case 'exports': return exported(id, verb, response)
    case 'erasures': return erasure(id, response)
    case 'me':
      return person
        ? me(person, url.pathname.split('/').slice(3).map(decodeURIComponent), request, response)
        : refuse(response, 403, 'profile-required', 'Choose who is watching first')
    case 'home':
      return send(response, 200, url.searchParams.has('cursor') ? { rows: moreRows(person) } : homeOf(person))
    case 'similar': {
      const title = titleOf(id ?? '')
      return title
        ? send(response, 200, { items: alike(title).filter(fits).map((each) => cardOf(each.id, 'similar', `${each.genres.map((one) => one.name).join(', ')}, too`)) })
        : refuse(response, 404, 'title-not-found', 'There is no such title')
    }
    case 'explain': return send(response, 200, explained(id ?? '', person))
    case 'impressions': return send(response, 202)
    case 'search':
      return send(response, 200, id === 'suggestions' ? suggestions(person, url.searchParams.get('q') ?? '') : search(person, url.searchParams))
    case 'genres':
      return send(response, 200, { items: [...new Map(titles.flatMap((each) => each.genres.map((one) => [one.id, one]))).values()] })
    case 'people': {
      const credits = titles.filter(fits).flatMap((title) => title.credits.filter((each) => each.person.id === id).map((each) => ({ role: each.role, title, ...(each.character && { character: each.character }) })))
      const name = titles.flatMap((each) => each.credits).find((each) => each.person.id === id)?.person.name
      return name ? send(response, 200, { id, name, credits }) : refuse(response, 404, 'person-not-found', 'There is no such person')
    }
    case 'titles': {
      const ids = url.searchParams.get('ids')?.split(',')
      if (!id) {
        const found = titles.filter(fits).filter((each) => !ids || ids.includes(each.id))
        return send(response, 200, { items: found.slice(0, Number(url.searchParams.get('limit') ?? 20)), facets: {} })
      }
      const title = titles.find((each) => each.id === id)
      return title && fits(title) ? send(response, 200, title) : refuse(response, 404, 'title-not-found', 'There is no such title')
    }
    case 'shows':
      return send(response, 200, { items: verb === 'seasons' && id === 'bo-short-circuits' ? seasons : [] })
    case 'seasons':
      return send(response, 200, { items: episodes.filter((each) => each.season_id === id) })
    case 'episodes': {
      const at = episodes.findIndex((each) => each.id === id)
      return at < 0 ? refuse(response, 404, 'episode-not-found', 'There is no such episode') : send(response, 200, episodes[at])
    }
    case 'playbacks': {
      const body = JSON.parse((await bodyOf(request)) || '{}')
      if (id) {
        reported.push({ id, ...body })
        return send(response, 202)
      }
      if (!(await filmReady())) return refuse(response, 503, 'media-missing', 'ffmpeg is not installed here')
      const token = crypto.randomUUID()
      playbackTokens.add(token)
      const at = episodes.findIndex((each) => each.id === body.episode_id)
      const next = at < 0 ? undefined : episodes[at + 1]
      const resume = person?.positions.get(body.episode_id ?? body.title_id)
      const share = resume ? resume.position_s / resume.duration_s : 0
      return send(response, 201, {
        id: token, title_id: body.title_id, duration_s: DURATION_S, subtitles: [],
        manifest: { hls: `/m/film/${token}/master.m3u8`, dash: `/m/film/${token}/manifest.mpd` },
        expires_at: new Date(Date.now() + 4 * 3600_000).toISOString(), events_url: `/v1/playbacks/${token}/events`,
        ...(body.episode_id && { episode_id: body.episode_id }),
        ...(share > 0.02 && share < 0.95 && { resume_position_s: share * DURATION_S }),
        ...(body.episode_id && { marks: { intro: { start_s: 1, end_s: 7 }, credits: { start_s: 18 } } }),
        ...(next?.playable && { next_episode: { episode_id: next.id, name: next.name, season: Number(next.season_id.at(-1)), number: next.number } }),
      })
    }
  }
  return refuse(response, 404, 'route-not-found', `Nothing answers ${asked}`)
}

function shownSession(member: Member, session: Omit<Session, 'profile'>, person: string | undefined, current: string): Session {
  const profile = member.people.find((each) => each.profile.id === person)?.profile
  return { ...session, current: session.id === current, ...(profile && { profile: { id: profile.id, name: profile.name, kids: profile.kids } }) }
}

function image(response: Parameters<Handler>[1], pathname: string): true {
  const [, , id, role] = pathname.split('/')
  const title = titleOf(id ?? '')
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
