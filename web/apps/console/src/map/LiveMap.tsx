//! The live map: who there is, who calls whom, and every finished request travelling along its edges.
//!
//! Drawn from what was really reported: an edge appears with its first request. What is said of it is what callers count of all
//! their calls, retries and open breakers among it. The same facts are a table below it.

import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { CalledEdge, Instance } from '@bijou/api-client/console.ts'
import type { Live } from '../live.ts'
import { ms, rate } from '../words.ts'
import { WINDOW_S } from '../traffic.ts'
import { console_, noticing } from '../operator.ts'
import { Table } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { isBroken, isRetried, markOf, saidOf, toldOf, type Told } from './edges.ts'
import { boxesOf, curvesOf, WIDTH, type Box } from './layout.ts'
import { Pulses } from './pulses.ts'
import './LiveMap.css'

const LIT_MS = 420
/** Callers are asked every ten seconds what they counted. */
const EDGES_EVERY_MS = 5000

export function LiveMap(props: { live: Live; held: boolean }) {
  let layer!: SVGGElement
  const wires = new Map<string, SVGPathElement>()
  const [lit, setLit] = createSignal<ReadonlySet<string>>(new Set())
  const [counted, setCounted] = createSignal<CalledEdge[]>([])
  const edges = createMemo(() => toldOf(counted(), props.live.outside(), props.live.traced()))
  const lookAtEdges = async () => {
    const answer = noticing(await console_.edges())
    // Without them the map tells what was traced.
    if (answer.ok) setCounted(answer.value.items)
  }
  const roles = createMemo(() => {
    const found = new Set(props.live.instances().map((instance) => instance.role))
    for (const edge of edges()) found.add(edge.from).add(edge.to)
    return [...found].sort()
  }, [], { equals: (a, b) => a.join() === b.join() })
  // Edges stay once seen, so that the map does not shift while somebody reads it.
  const seen = new Map<string, readonly [string, string]>()
  const pairs = createMemo(() => {
    for (const { from, to } of edges()) seen.set(`${from} ${to}`, [from, to])
    for (const role of roles()) {
      if (role === 'client' || role === 'gateway' || role === 'registry' || role === 'console') continue
      seen.set(`gateway ${role}`, ['gateway', role])
    }
    seen.set('client gateway', ['client', 'gateway'])
    return [...seen.values()]
  }, [], { equals: (a, b) => a.length === b.length })
  const drawn = createMemo(() => {
    const { boxes, height } = boxesOf(roles())
    return { boxes, height, curves: curvesOf(boxes, pairs()) }
  })

  onMount(() => {
    const reached = (role: string) => {
      setLit(new Set([...lit(), role]))
      setTimeout(() => setLit((now) => new Set([...now].filter((each) => each !== role))), LIT_MS)
    }
    const pulses = new Pulses(layer, (from, to) => wires.get(`${from} ${to}`), reached)
    const leave = props.live.onRequest((traced) => {
      if (props.held || document.hidden) return
      // A first request over a new edge waits for the edge to be drawn.
      requestAnimationFrame(() => pulses.send(traced.hops))
      if (traced.hops.some((hop) => hop.from === 'gateway')) reached('lookup')
    })
    createEffect(() => props.held && pulses.stop())
    void lookAtEdges()
    const again = setInterval(() => void lookAtEdges(), EDGES_EVERY_MS)
    onCleanup(() => {
      clearInterval(again)
      leave()
      pulses.stop()
    })
  })

  const edgeOf = (from: string, to: string) => edges().find((edge) => edge.from === from && edge.to === to)
  const into = (role: string) => edges().filter((edge) => edge.to === role)
  return (
    <section class="map panel" aria-labelledby="map-name">
      <div class="panel__head">
        <h2 id="map-name">Live map</h2>
        <p class="faint">Last {WINDOW_S} s. Disc: answered. Diamond: failed. ↻ retries, ⊘ open breakers. A line leads to its requests.</p>
      </div>
      <div class="map__sheet" tabindex="0" role="region" aria-label="Picture of the map">
        <svg class="map__picture" viewBox={`0 0 ${WIDTH} ${drawn().height}`} role="img"
          aria-label="Map of the platform; its numbers are in the table of edges below">
          <path class="wire wire--watch" classList={{ 'wire--lit': lit().has('lookup') }} d={watchWire(drawn().boxes)} />
          <text class="map__note" x="386" y={noteAt(drawn().boxes)}>look-up</text>
          <For each={drawn().curves}>
            {(curve) => (
              <path class="wire" d={curve.d} data-to={curve.to} classList={{ 'wire--used': (edgeOf(curve.from, curve.to)?.calls ?? 0) > 0, 'wire--retried': isRetried(edgeOf(curve.from, curve.to)), 'wire--broken': isBroken(edgeOf(curve.from, curve.to)) }}
                ref={(path) => wires.set(`${curve.from} ${curve.to}`, path)} />
            )}
          </For>
          {/* For the pointer, wide enough to be hit; the keyboard has the same links in the table of edges. */}
          <For each={drawn().curves}>
            {(curve) => (
              <path class="wire__reach" d={curve.d} onClick={() => { location.hash = requestsOver(curve.from, curve.to) }}>
                <title>{saidOf(curve.from, curve.to, edgeOf(curve.from, curve.to))}</title>
              </path>
            )}
          </For>
          <For each={drawn().curves}>
            {(curve) => <text class="wire__mark" x={curve.middle.x} y={curve.middle.y - 6} text-anchor="middle">{markOf(edgeOf(curve.from, curve.to))}</text>}
          </For>
          <For each={drawn().boxes}>
            {(box) => <Node box={box} lit={lit().has(box.role)} edges={into(box.role)}
              instances={props.live.instances().filter((instance) => instance.role === box.role)} />}
          </For>
          <g ref={layer} />
        </svg>
      </div>
      <EdgeTable edges={edges()} />
    </section>
  )
}

/** The gateway asks its own copy of the registry, kept fresh by the watch: that is what the dashed line stands for. */
function watchWire(boxes: readonly Box[]): string {
  const registry = boxes.find((box) => box.role === 'registry')
  const gateway = boxes.find((box) => box.role === 'gateway')
  if (!registry || !gateway) return ''
  const x = gateway.x + gateway.width / 2
  return `M ${x} ${gateway.y} L ${x} ${registry.y + registry.height}`
}

function noteAt(boxes: readonly Box[]): number {
  const gateway = boxes.find((box) => box.role === 'gateway')
  return gateway ? gateway.y - 28 : 0
}

function Node(props: { box: Box; lit: boolean; edges: Told[]; instances: Instance[] }) {
  const requests = () => props.edges.reduce((sum, edge) => sum + edge.calls, 0)
  const perSecond = () => props.edges.reduce((sum, edge) => sum + edge.per_second, 0)
  const failed = () => Math.round(props.edges.reduce((sum, edge) => sum + edge.failed, 0))
  // Callers count waits for each other's next event among their calls, half a minute each; a role counts what it answers.
  const p99 = () => {
    const own = props.instances.flatMap((instance) => instance.last_minute ?? [])
    return Math.max(0, ...(own.length > 0 ? own : props.edges).map((counted) => counted.p99_ms ?? 0))
  }
  const ready = () => props.instances.filter((instance) => instance.health === 'ready' && instance.status === 'UP').length
  const isClient = () => props.box.role === 'client'
  const line = () => {
    if (isClient()) return 'everyone outside'
    if (requests() === 0) return props.box.role === 'registry' ? 'leases and watch' : 'quiet'
    return p99() > 0 ? `${rate(perSecond())}  p99 ${ms(p99())}` : rate(perSecond())
  }
  return (
    <g class="node" classList={{ 'node--lit': props.lit, 'node--dark': !isClient() && ready() === 0 }} transform={`translate(${props.box.x} ${props.box.y})`}>
      <rect class="node__box" width={props.box.width} height={props.box.height} rx={isClient() ? 39 : 10} />
      <text class="node__name" x={isClient() ? props.box.width / 2 : 16} y="33" text-anchor={isClient() ? 'middle' : 'start'}>
        {isClient() ? 'viewers' : props.box.role}
      </text>
      <text class="node__line" x={isClient() ? props.box.width / 2 : 16} y="58" text-anchor={isClient() ? 'middle' : 'start'}>
        {line()}
        <Show when={failed() > 0}><tspan class="node__failed" dx="8">✕ {failed()}</tspan></Show>
      </text>
      <Show when={!isClient()}>
        <For each={props.instances.slice(0, 6)}>
          {(instance, at) => (
            <circle class="node__bulb" classList={{ 'node__bulb--lit': instance.health === 'ready' && instance.status === 'UP' }}
              cx={props.box.width - 20 - at() * 15} cy="26" r="5" />
          )}
        </For>
      </Show>
    </g>
  )
}

function EdgeTable(props: { edges: Told[] }) {
  return (
    <details class="map__table">
      <summary>Table of edges</summary>
      <Table label="Edges of the map" lines rows={props.edges} key={(edge) => `${edge.from} ${edge.to}`}
        empty="Nothing has passed yet. Open the viewer and an edge appears with each first call."
        columns={[
          { name: 'Edge', names: true, by: (edge) => edge.from, cell: (edge) => <><a href={requestsOver(edge().from, edge().to)}>{edge().from} → {edge().to}</a><Show when={edge().isTraced}><span class="under">of what is traced</span></Show></> },
          { name: 'Rate', number: true, by: (edge) => edge.per_second, cell: (edge) => rate(edge().per_second) },
          { name: `Calls in ${WINDOW_S} s`, number: true, by: (edge) => edge.calls, cell: (edge) => Math.round(edge().calls) },
          { name: 'Failed', number: true, by: (edge) => edge.failed, cell: (edge) => Math.round(edge().failed) },
          { name: 'Retries', number: true, by: (edge) => edge.retries ?? 0, cell: (edge) => { const { retries } = edge(); return retries === undefined ? '' : Math.round(retries) } },
          { name: 'Open breakers', number: true, by: (edge) => edge.breakers_open ?? 0, cell: (edge) => edge().breakers_open ?? '' },
          { name: 'p99', number: true, by: (edge) => edge.p99_ms ?? 0, cell: (edge) => { const { p99_ms } = edge(); return p99_ms === undefined ? '' : ms(p99_ms) } },
        ]} />
    </details>
  )
}

const requestsOver = (from: string, to: string) => fragmentOf({ kind: 'requests' }, { from, to })
