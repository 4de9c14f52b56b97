//! Remote controls: which key is which on Tizen, webOS and Android, and how an app is left there.

import type { Keyed, Meaning } from '@bijou/focus/keys.ts'

/** By name, where the browser gives one. */
const NAMES: Readonly<Record<string, Meaning>> = {
  GoBack: 'back', BrowserBack: 'back', XF86Back: 'back', Back: 'back', Backspace: 'back',
  Select: 'ok', Accept: 'ok', Info: 'more', ContextMenu: 'more',
}

/** By number, where it does not: Back of Tizen, of webOS, and of old Android browsers; OK of some Android boxes;
 *  Info of Tizen and webOS. */
const NUMBERS: Readonly<Record<number, Meaning>> = { 10009: 'back', 461: 'back', 166: 'back', 4: 'back', 23: 'ok', 457: 'more' }

/** Keys of a film, by number: play, pause, both in one, stop, wind back and forth; the names of the web beside them. */
const MEDIA: Readonly<Record<number, string>> = {
  415: 'MediaPlay', 19: 'MediaPause', 10252: 'MediaPlayPause', 179: 'MediaPlayPause', 413: 'MediaStop',
  412: 'MediaRewind', 417: 'MediaFastForward', 227: 'MediaRewind', 228: 'MediaFastForward',
}

export function meaning(event: Keyed): Meaning | undefined {
  // Whoever writes deletes with it.
  if (event.key === 'Backspace' && isWriting()) return undefined
  return NAMES[event.key] ?? (event.key.startsWith('Arrow') || event.key === 'Enter' ? undefined : NUMBERS[event.keyCode])
}

/** The name of a key that steers a film, also where the browser only numbers it. */
export const mediaKey = (event: Keyed): string => (event.key.startsWith('Media') ? event.key : MEDIA[event.keyCode] ?? event.key)

function isWriting(): boolean {
  // No page, no field: the tests run without one.
  const at = globalThis.document?.activeElement
  return at?.matches('input:not([type="range"]):not([type="checkbox"]):not([type="radio"]), textarea') ?? false
}

interface Houses {
  tizen?: {
    tvinputdevice?: { registerKey(name: string): void }
    application?: { getCurrentApplication(): { exit(): void } }
  }
  webOS?: { platformBack?(): void }
  PalmSystem?: { platformBack?(): void }
}

/** Tizen sends the keys of films only to those who asked. */
export function registerKeys(house: Houses = window as Houses): void {
  for (const name of ['MediaPlay', 'MediaPause', 'MediaPlayPause', 'MediaStop', 'MediaRewind', 'MediaFastForward']) {
    try {
      house.tizen?.tvinputdevice?.registerKey(name)
    } catch {
      // A remote without this key.
    }
  }
}

/** Back from the foyer: to the television. In a plain browser there is nowhere to go. */
export function leaveApp(house: Houses = window as Houses): boolean {
  if (house.tizen?.application) {
    house.tizen.application.getCurrentApplication().exit()
    return true
  }
  const platformBack = house.webOS?.platformBack ?? house.PalmSystem?.platformBack
  platformBack?.()
  return platformBack !== undefined
}
