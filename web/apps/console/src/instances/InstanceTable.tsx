//! Who is registered, how old its lease is, and how it feels: five bulbs and a word.

import { Show } from 'solid-js'
import type { Instance } from '@bijou/api-client/console.ts'
import { HealthBulbs } from '@bijou/ui/Bulbs.tsx'
import type { Live } from '../live.ts'
import { Table, type Column } from '../parts/Table.tsx'
import { fragmentOf } from '../places.ts'
import { bulbsOf, ms, rate } from '../words.ts'

/** `full` where it has a page to itself: which version where, and how much each has to do. */
export function InstanceTable(props: { live: Live; full?: boolean }) {
  return (
    <section class="panel instances" aria-labelledby="instances-name">
      <div class="panel__head">
        <h2 id="instances-name">Instances</h2>
        <Show when={props.live.registry()}>
          {(registry) => (
            <p class="faint">
              {registry().reachable ? 'Registry reachable' : 'Registry away: the last picture'}
              <Show when={registry().self_preservation}>{(mode) => <>, self-preservation {mode()}</>}</Show>
            </p>
          )}
        </Show>
      </div>
      <Table label="Table of instances" rows={props.live.instances()} key={(instance) => `${instance.app} ${instance.instance_id}`}
        empty="Nobody yet. Roles appear here as they register."
        columns={[
          { name: 'Instance', names: true, by: (instance) => instance.role, cell: (instance) => <Name instance={instance()} /> },
          { name: 'Health', by: (instance) => bulbsOf(instance).lit, cell: (instance) => <Health instance={instance()} /> },
          { name: 'Lease age', number: true, by: (instance) => instance.lease?.age_ms, cell: (instance) => <Lease instance={instance()} /> },
          ...(props.full ? FULL : []),
          { name: 'p99, 1 min', number: true, by: (instance) => instance.last_minute?.p99_ms, cell: (instance) => <LastMinute instance={instance()} /> },
        ]} />
    </section>
  )
}

/** By what each counts of every request; the rate says which of two brothers has more to do. */
const FULL: readonly Column<Instance>[] = [
  { name: 'Version', by: (instance) => instance.version, cell: (instance) => instance().version ?? <span class="faint">unknown</span> },
  { name: 'Zone', by: (instance) => instance.zone, cell: (instance) => instance().zone ?? <span class="faint">none</span> },
  { name: 'Load, 1 min', number: true, by: (instance) => instance.last_minute?.requests, cell: (instance) => { const last = instance().last_minute; return last === undefined ? <span class="faint">unknown</span> : rate(last.requests / 60) } },
]

function Name(props: { instance: Instance }) {
  return (
    <>
      <a class="strong" href={fragmentOf({ kind: 'instance', app: props.instance.app, id: props.instance.instance_id })}>{props.instance.role}</a>
      <span class="under mono">{slotOf(props.instance)} {props.instance.addr}</span>
    </>
  )
}

function Health(props: { instance: Instance }) {
  const bulbs = () => bulbsOf(props.instance)
  return (
    <>
      <HealthBulbs lit={bulbs().lit} label={`${bulbs().lit} of 5 bulbs: ${bulbs().words}`} />
      <span class="under">{props.instance.reasons?.[0] ?? bulbs().words}</span>
    </>
  )
}

function Lease(props: { instance: Instance }) {
  return (
    <Show when={props.instance.lease} fallback={<span class="faint">none</span>}>
      {(lease) => <>{(lease().age_ms / 1000).toFixed(1)} s<span class="under">of {(lease().duration_ms / 1000).toFixed(0)} s</span></>}
    </Show>
  )
}

function LastMinute(props: { instance: Instance }) {
  const last = () => props.instance.last_minute
  return (
    <Show when={last()} fallback={<span class="faint">not counted</span>}>
      {(last) => (
        <Show when={last().p99_ms !== undefined} fallback={<span class="faint">quiet</span>}>
          {ms(last().p99_ms ?? 0)}
          <span class="under">{last().requests} req<Show when={last().failed > 0}>, ✕ {last().failed}</Show></span>
        </Show>
      )}
    </Show>
  )
}

/** `host:role:slot` is long and says the role twice; the slot is what tells brothers apart. */
function slotOf(instance: Instance): string {
  const slot = instance.instance_id.split(':').pop()
  return slot !== undefined && /^\d+$/.test(slot) ? `#${slot}` : instance.instance_id
}
