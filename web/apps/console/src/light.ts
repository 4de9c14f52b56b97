//! Day or night: the system's wish until the operator has one.

import { createSignal } from 'solid-js'

export type Light = 'day' | 'night'

const KEY = 'bijou.console.light'
const [light, setLight] = createSignal<Light>('night')
export { light }

function show(next: Light): void {
  setLight(next)
  document.documentElement.dataset['light'] = next
}

export function installLight(): void {
  const wish = matchMedia('(prefers-color-scheme: light)')
  const kept = localStorage.getItem(KEY)
  show(kept === 'day' || kept === 'night' ? kept : wish.matches ? 'day' : 'night')
  wish.addEventListener('change', () => localStorage.getItem(KEY) === null && show(wish.matches ? 'day' : 'night'))
}

export function switchLight(): void {
  const next = light() === 'day' ? 'night' : 'day'
  localStorage.setItem(KEY, next)
  show(next)
}
