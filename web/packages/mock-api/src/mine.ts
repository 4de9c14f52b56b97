//! The mock's `/v1/profiles` and `/v1/me`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NewProfile, Position, Preferences, Thumb } from '@bijou/api-client/types.ts'
import { goingOn, personOf, PROFILES_MAX, watched, type Member, type Person } from './household.ts'
import { bodyOf, refuse, send } from './http.ts'

const jobs = new Map<string, { asked: number; profile: string }>()

export async function profiles(member: Member, rest: string[], request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [id, part] = rest
  const body = async <T>() => JSON.parse((await bodyOf(request)) || '{}') as T
  if (!id) {
    if (request.method === 'GET') return send(response, 200, { items: member.people.map((each) => each.profile) })
    if (member.people.length >= PROFILES_MAX) return refuse(response, 409, 'profiles-full', 'An account has five profiles at most')
    const person = personOf(await body<NewProfile>())
    if (person.profile.kids) person.profile.maturity ??= 7
    member.people.push(person)
    return send(response, 201, person.profile)
  }
  const person = member.people.find((each) => each.profile.id === id)
  if (!person) return refuse(response, 404, 'profile-not-found', 'There is no such profile')
  if (part === 'pin') {
    if (request.method === 'PUT') {
      const { pin } = await body<{ pin: string }>()
      if (!/^\d{4,8}$/.test(pin)) return refuse(response, 422, 'pin-invalid', 'A PIN has 4 to 8 digits')
      person.pin = pin
    } else delete person.pin
    person.profile.has_pin = person.pin !== undefined
    return send(response, 204)
  }
  if (part === 'exports') {
    jobs.set(`x-${jobs.size}`, { asked: 0, profile: person.profile.name })
    return send(response, 202, { id: `x-${jobs.size - 1}`, state: 'queued', parts_done: 0, parts_total: 3 })
  }
  if (request.method === 'DELETE') {
    if (member.people.length === 1) return refuse(response, 409, 'last-profile', 'The last profile stays')
    member.people = member.people.filter((each) => each !== person)
    erasures.set(`e-${erasures.size}`, 0)
    return send(response, 202, erasureOf(`e-${erasures.size - 1}`, 0))
  }
  if (request.method === 'PATCH') {
    const change = await body<Record<string, unknown>>()
    for (const [name, value] of Object.entries(change)) {
      if (value === null) delete (person.profile as unknown as Record<string, unknown>)[name]
      else (person.profile as unknown as Record<string, unknown>)[name] = value
    }
  }
  return send(response, 200, person.profile)
}

/** One service after the other says so, at each look. */
const ERASERS = ['PROFILES', 'RECOMMENDATIONS', 'PLAYBACK']
const erasures = new Map<string, number>()

const erasureOf = (id: string, done: number) => ({
  id, state: done < ERASERS.length ? 'running' : 'done', begun_at: new Date().toISOString(),
  services: ERASERS.map((service, at) => ({ service, ...(at < done && { acknowledged_at: new Date().toISOString(), removed: at + 1 }) })),
})

export function erasure(id: string | undefined, response: ServerResponse): boolean {
  const done = erasures.get(id ?? '')
  if (id === undefined || done === undefined) return refuse(response, 404, 'erasure-not-found', 'There is no such erasure')
  erasures.set(id, done + 1)
  return send(response, 200, erasureOf(id, done + 1))
}

export function exported(id: string | undefined, part: string | undefined, response: ServerResponse): boolean {
  const job = jobs.get(id ?? '')
  if (!job) return refuse(response, 404, 'export-not-found', 'There is no such export')
  if (part === 'archive') return send(response, 200, { profile: job.profile, note: 'An archive of the mock' }, { 'content-type': 'application/zip' })
  job.asked += 1
  return send(response, 200, { id, state: job.asked < 3 ? 'running' : 'ready', parts_done: Math.min(3, job.asked), parts_total: 3 })
}

export async function me(person: Person, rest: string[], request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [noun, id, verb] = rest
  const { method } = request
  const now = new Date().toISOString()
  const body = async <T>() => JSON.parse((await bodyOf(request)) || '{}') as T
  switch (noun) {
    case 'preferences':
      if (method === 'PUT') person.preferences = await body<Preferences>()
      return send(response, 200, person.preferences)
    case 'picks':
      person.picks = (await body<{ title_ids: string[] }>()).title_ids
      return send(response, 204)
    case 'positions': {
      if (method === 'PUT') {
        const { session, seq: _, state: __, ...report } = await body<Position & { session: string; seq: number; state: string }>()
        watched(person, report, session)
        return send(response, 204)
      }
      const position = person.positions.get(id ?? '')
      return position ? send(response, 200, position) : refuse(response, 404, 'position-not-found', 'Never begun')
    }
    case 'continue':
      if (verb === 'hide') {
        person.hidden.set(id ?? '', now)
        return send(response, 204)
      }
      return send(response, 200, { items: goingOn(person) })
    case 'history': {
      if (method === 'DELETE') {
        const gone = id ? person.history.filter((each) => each.id === id) : person.history
        for (const { episode_id, title_id } of gone) person.positions.delete(episode_id ?? title_id)
        person.history = id ? person.history.filter((each) => each.id !== id) : []
        return send(response, 204)
      }
      return send(response, 200, { items: person.history })
    }
    case 'list':
      if (method === 'PUT') person.list.set(id ?? '', now)
      else if (method === 'DELETE') person.list.delete(id ?? '')
      else return send(response, 200, { items: [...person.list].reverse().map(([title_id, added_at]) => ({ title_id, added_at })) })
      return send(response, 204)
    case 'thumbs':
      if (method === 'PUT') person.thumbs.set(id ?? '', (await body<{ value: Thumb }>()).value)
      else if (method === 'DELETE') person.thumbs.delete(id ?? '')
      else return send(response, 200, { items: [...person.thumbs].map(([title_id, value]) => ({ title_id, value })) })
      return send(response, 204)
  }
  return refuse(response, 404, 'route-not-found', `Nothing answers ${method} ${request.url}`)
}
