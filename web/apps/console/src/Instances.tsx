//! Who is registered, how old its lease is, and how it feels: five bulbs and a word.

import { For, Show } from 'solid-js'
import type { Instance } from '@bijou/api-client/console.ts'
import { HealthBulbs } from '@bijou/ui/Bulbs.tsx'
import type { Live } from './live.ts'
import { fragmentOf } from './places.ts'
import { bulbsOf, ms } from './words.ts'

export function InstanceTable(props: { live: Live }) {
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
      <div class="scroll" tabindex="0" role="region" aria-label="Table of instances">
        <table class="table">
          <thead>
            <tr><th scope="col">Instance</th><th scope="col">Health</th><th scope="col" class="number">Lease age</th><th scope="col" class="number">p99, 1 min</th></tr>
          </thead>
          <tbody>
            <For each={props.live.instances()} fallback={<tr><td colspan="4">Nobody yet. Roles appear here as they register.</td></tr>}>
              {(instance) => <Line instance={instance} />}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Line(props: { instance: Instance }) {
  const bulbs = () => bulbsOf(props.instance)
  const lease = () => props.instance.lease
  return (
    <tr>
      <th scope="row">
        <a class="strong" href={fragmentOf({ kind: 'instance', app: props.instance.app, id: props.instance.instance_id })}>{props.instance.role}</a>
        <span class="under mono">{slotOf(props.instance)} {props.instance.addr}</span>
      </th>
      <td>
        <HealthBulbs lit={bulbs().lit} label={`${bulbs().lit} of 5 bulbs: ${bulbs().words}`} />
        <span class="under">{props.instance.reasons?.[0] ?? bulbs().words}</span>
      </td>
      <td class="number">
        <Show when={lease()} fallback={<span class="faint">none</span>}>
          {(lease) => (
            <>
              {(lease().age_ms / 1000).toFixed(1)} s
              <span class="under">of {(lease().duration_ms / 1000).toFixed(0)} s</span>
            </>
          )}
        </Show>
      </td>
      <td class="number">
        <Show when={props.instance.last_minute.p99_ms !== undefined} fallback={<span class="faint">quiet</span>}>
          {ms(props.instance.last_minute.p99_ms ?? 0)}
          <span class="under">{props.instance.last_minute.requests} req<Show when={props.instance.last_minute.failed > 0}>, ✕ {props.instance.last_minute.failed}</Show></span>
        </Show>
      </td>
    </tr>
  )
}

/** `host:role:slot` is long and says the role twice; the slot is what tells brothers apart. */
function slotOf(instance: Instance): string {
  const slot = instance.instance_id.split(':').pop()
  return slot !== undefined && /^\d+$/.test(slot) ? `#${slot}` : instance.instance_id
}
