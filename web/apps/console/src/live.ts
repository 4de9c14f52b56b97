//! Everything that moves on the page: finished requests as they come, instances as they age, what is counted of the last minutes.

import { createSignal, onCleanup } from 'solid-js'
import { listenLive, type Instance, type Instances, type Traced } from '@bijou/api-client/console.ts'
import { console_, noticing, operator } from './operator.ts'
import { Traffic, type Edge } from './traffic.ts'

const KEPT = 300
const INSTANCES_EVERY_MS = 2000
/** A connection is made again within two seconds or so; longer than this is worth a line across the page. */
const LOST_AFTER_MS = 5000

export interface Live {
  requests: () => Traced[]
  instances: () => Instance[]
  registry: () => Instances['registry'] | undefined
  /** What came from outside, by what gateways count; undefined while that is not known. */
  outside: () => Instances['outside']
  /** What passed between roles, of the requests that are traced. */
  traced: () => Edge[]
  connected: () => boolean
  /** Not connected for longer than a reconnect takes. */
  lost: () => boolean
  missed: () => number
  /** Every finished request once, for the map; answers how to stop. */
  onRequest: (listener: (traced: Traced) => void) => () => void
}

/** Newest first, each request once, the told revision winning over an older one. */
export function merged(known: readonly Traced[], told: readonly Traced[], kept: number): Traced[] {
  const byId = new Map(known.map((each) => [each.id, each]))
  for (const each of told) if ((byId.get(each.id)?.revision ?? 0) < each.revision) byId.set(each.id, each)
  return [...byId.values()].sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at)).slice(0, kept)
}

export function startLive(): Live {
  const traffic = new Traffic()
  const [requests, setRequests] = createSignal<Traced[]>([])
  const [picture, setPicture] = createSignal<Instances>()
  const [traced, setTraced] = createSignal<Edge[]>([])
  const [connected, setConnected] = createSignal(false)
  const [lost, setLost] = createSignal(false)
  const [missed, setMissed] = createSignal(0)
  let losing: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<(traced: Traced) => void>()
  const pulsed = new Set<string>()

  const lookAtInstances = async () => {
    const answer = noticing(await console_.instances())
    if (answer.ok) setPicture(answer.value)
  }
  const catchUp = async () => {
    const answer = noticing(await console_.requests({ limit: 100 }))
    if (answer.ok) setRequests(merged(requests(), answer.value.items, KEPT))
  }
  // Requests may come by the hundred in a second; the list is drawn at most ten times in one.
  let waiting: Traced[] = []
  const flush = setInterval(() => {
    if (waiting.length === 0) return
    setRequests(merged(requests(), waiting, KEPT))
    waiting = []
  }, 100)

  const stop = listenLive({
    hello: () => void catchUp(),
    request: (traced) => {
      traffic.add(traced, Date.now())
      waiting.push(traced)
      if (pulsed.has(traced.id)) return
      pulsed.add(traced.id)
      if (pulsed.size > KEPT * 4) pulsed.clear()
      for (const listener of listeners) listener(traced)
    },
    instances: () => void lookAtInstances(),
    missed: (count) => setMissed(missed() + count),
    connected: (yes) => {
      setConnected(yes)
      if (yes) {
        clearTimeout(losing)
        losing = undefined
        setLost(false)
      } else losing ??= setTimeout(() => setLost(true), LOST_AFTER_MS)
      if (!yes && operator() === 'signed-in') void lookAtInstances()
    },
  })
  void lookAtInstances()
  const ageing = setInterval(() => void lookAtInstances(), INSTANCES_EVERY_MS)
  const second = setInterval(() => setTraced(traffic.edges(Date.now())), 1000)
  onCleanup(() => {
    stop()
    clearTimeout(losing)
    clearInterval(flush)
    clearInterval(ageing)
    clearInterval(second)
  })
  return {
    requests, traced, connected, lost, missed,
    outside: () => picture()?.outside,
    instances: () => picture()?.items ?? [],
    registry: () => picture()?.registry,
    onRequest: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
