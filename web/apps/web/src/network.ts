//! Whether this device has a network at all. Without one, what is asked of the platform fails at once and says so itself;
//! this is for the words about it, and for trying again when it is back.

import { createSignal, onCleanup, onMount } from 'solid-js'

const [offline, setOffline] = createSignal(!navigator.onLine)
export { offline }

addEventListener('offline', () => setOffline(true))
addEventListener('online', () => setOffline(false))

/** As long as the calling screen is there. */
export function whenBack(again: () => void): void {
  onMount(() => {
    addEventListener('online', again)
    onCleanup(() => removeEventListener('online', again))
  })
}
