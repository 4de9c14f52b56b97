//! A profile on its way out: which services have said that nothing of it is left, until all have.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import type { Erasure } from '@bijou/api-client/types.ts'
import { Dialog } from '@bijou/ui/Dialog.tsx'
import { bijou } from '../platform.ts'
import { erased } from './state.ts'

const AGAIN_MS = 1000
/** A service may be away for longer than anybody looks: it is asked for as long as it takes, this only watches. */
const TRIES_MAX = 60

export function Erasing(props: { name: string; begun: Erasure; close: () => void }) {
  const [now, setNow] = createSignal(props.begun)
  const [waits, setWaits] = createSignal(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = (tries: number) => {
    if (now().state === 'done' || tries >= TRIES_MAX) return void setWaits(false)
    timer = setTimeout(() => void bijou.mine.erasure(props.begun.id).then((next) => {
      if (next.ok) setNow(next.value)
      follow(tries + 1)
    }), AGAIN_MS)
  }
  onMount(() => follow(0))
  onCleanup(() => clearTimeout(timer))
  return (
    <Dialog labelledby="erasing-title" close={props.close} plain>
      <h2 id="erasing-title">{now().state === 'done' ? `${props.name} is forgotten` : `${props.name} is being forgotten`}</h2>
      <p role="status">{erased(now(), waits())}</p>
      <ul class="erasing" aria-label="Who has forgotten">
        <For each={now().services}>
          {(each) => (
            <li class="erasing__part">
              <b>{each.service.toLowerCase()}</b>
              <Show when={each.acknowledged_at} fallback={<span class="quiet">still at it</span>}>
                <span>nothing is left{each.removed ? `, ${each.removed} ${each.removed === 1 ? 'record' : 'records'} went` : ''}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <div class="ways" data-focus-row>
        <button type="button" class="button button--main" id="erasing-close" onClick={() => props.close()}>{now().state === 'done' ? 'Done' : 'Go on meanwhile'}</button>
      </div>
    </Dialog>
  )
}
