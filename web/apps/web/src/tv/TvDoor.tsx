//! The way in for a television: a code and its picture for the phone; nobody types a password with four arrows.

import { generate } from 'lean-qr'
import { createSignal, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { Device, type DeviceAuthorization } from '@bijou/api-client/device.ts'
import { titled } from '../Frame.tsx'
import { bijou, signedIn } from '../platform.ts'
import { deviceName } from '../words.ts'
import { nextPause } from './pace.ts'
import './TvDoor.css'

type State =
  | { kind: 'asking' }
  | { kind: 'waiting'; given: DeviceAuthorization; away: boolean }
  | { kind: 'over'; words: string }

export function TvDoor(props: { byHand: () => void }) {
  const device = new Device(bijou.transport)
  const [state, setState] = createSignal<State>({ kind: 'asking' })
  let timer: ReturnType<typeof setTimeout> | undefined
  titled(() => 'Sign in')

  const begin = async () => {
    setState({ kind: 'asking' })
    const given = await device.begin(deviceName(navigator.userAgent))
    if (!given.ok) return void setState({ kind: 'over', words: 'The door does not answer. Nothing is wrong with this television; try again in a moment.' })
    setState({ kind: 'waiting', given: given.value, away: false })
    again(given.value, given.value.interval)
  }
  const again = (given: DeviceAuthorization, pause_s: number) => {
    timer = setTimeout(() => void ask(given, pause_s), pause_s * 1000)
  }
  const ask = async (given: DeviceAuthorization, pause_s: number) => {
    const waited = await device.wait(given.device_code)
    if (waited === 'signed-in') return void signedIn()
    const next = nextPause(pause_s, waited)
    if (next !== undefined) {
      setState({ kind: 'waiting', given, away: waited === 'away' })
      return again(given, next)
    }
    // A code that nobody used in time is no fault of anybody's: there is a new one.
    if (waited === 'expired') return void begin()
    setState({ kind: 'over', words: 'Somebody said no on the other screen. If that was not meant, begin again.' })
  }
  onMount(() => void begin())
  onCleanup(() => clearTimeout(timer))

  const waiting = () => {
    const now = state()
    return now.kind === 'waiting' ? now : undefined
  }
  const over = () => {
    const now = state()
    return now.kind === 'over' ? now.words : undefined
  }
  return (
    <main class="tvdoor">
      <p class="tvdoor__sign">Bijou</p>
      <h1 tabindex="-1">Sign in with your phone</h1>
      <Switch fallback={<p class="quiet" role="status">One moment</p>}>
        <Match when={waiting()}>
          {(now) => (
            <>
              <div class="tvdoor__ways">
                <Picture text={absolute(now().given.verification_uri_complete)} />
                <ol class="tvdoor__steps">
                  <li>Point your phone's camera at the picture, or open <strong>{spoken(absolute(now().given.verification_uri))}</strong></li>
                  <li>See that it shows this code, and say yes:
                    <span class="tvdoor__code" id="user-code" aria-label={now().given.user_code.split('').join(' ')}>{now().given.user_code}</span></li>
                </ol>
              </div>
              <p class="quiet" role="status">
                <Show when={now().away} fallback="This page goes on by itself.">The platform does not answer just now; it is asked again.</Show>
              </p>
            </>
          )}
        </Match>
        <Match when={over()}>
          {(words) => <p role="alert">{words()}</p>}
        </Match>
      </Switch>
      <div class="ways" data-focus-row>
        <button type="button" class="button" id="new-code" data-focus-first onClick={() => { clearTimeout(timer); void begin() }}>New code</button>
        <button type="button" class="button button--quiet" id="by-hand" onClick={() => props.byHand()}>Use a password</button>
      </div>
    </main>
  )
}

/** The platform says where as far as it knows; a path alone is on this very host. */
const absolute = (uri: string): string => new URL(uri, location.origin).href

/** As somebody would read it out. */
const spoken = (uri: string): string => uri.replace(/^https?:\/\//, '')

/** A QR code as one path: dark on light, with the four empty modules around it that cameras want. */
function Picture(props: { text: string }) {
  const drawn = () => {
    const code = generate(props.text)
    let path = ''
    for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`
    return { path, size: code.size }
  }
  return (
    <svg class="tvdoor__picture" viewBox={`-4 -4 ${drawn().size + 8} ${drawn().size + 8}`} role="img" aria-label="The address, for a phone's camera" shape-rendering="crispEdges">
      <rect x="-4" y="-4" width={drawn().size + 8} height={drawn().size + 8} fill="#fff" />
      <path d={drawn().path} fill="#0f0b12" />
    </svg>
  )
}
