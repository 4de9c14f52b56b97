//! A remote control: four arrows, OK and Back, and what somebody ten feet away sees of what they lead to.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'

export type Key = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Enter' | 'Escape'

/** What has focus and is seen: its middle is on the screen, nothing lies over it and something is drawn around it; else why not. */
export interface Pointed { id: string; text: string; unseen: string | undefined }

export const pointed = (page: Page): Promise<Pointed | undefined> => page.evaluate(() => {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body || !document.hasFocus()) return undefined
  const box = at.getBoundingClientRect()
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
  const over = document.elementFromPoint(x, y)
  const name = (element: Element) => `${element.tagName}#${element.id}.${element.getAttribute('class') ?? ''}`
  const place = `${name(at)} at ${Math.round(box.left)},${Math.round(box.top)} ${Math.round(box.width)}x${Math.round(box.height)}, scrolled ${Math.round(scrollY)}`
  // A picture without pointer events lets through what it lies on: the film under its own frame.
  const through = at.classList.contains('watch__picture') && over?.closest('.watch')
  // How this app draws focus: a ring, the lit edge of a card, or the colour of a bulb behind it. A film is its own.
  const probe = document.documentElement.appendChild(document.createElement('i'))
  probe.style.color = 'var(--bulb)'
  const bulb = getComputedStyle(probe).color
  probe.remove()
  const isLit = (element: Element, pseudo?: string) => {
    const style = getComputedStyle(element, pseudo)
    if (Number(style.opacity) < 0.5) return false
    const isRinged = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
    return isRinged || style.backgroundColor === bulb || style.boxShadow.includes(bulb) || pseudo !== undefined && style.content !== 'none' && style.borderTopColor === bulb && parseFloat(style.borderTopWidth) > 0
  }
  const around = [at.parentElement, at.parentElement?.parentElement].filter((each) => each instanceof Element)
  const isDrawn = at.matches('.watch, .watch__picture') || [at, ...at.querySelectorAll('*')].some((each) => isLit(each) || isLit(each, '::after')) || around.some((each) => isLit(each))
  const unseen = box.width === 0 || box.height === 0 ? `nothing is drawn of ${place}`
    : over === null ? `its middle is off the screen: ${place}`
    : !isDrawn ? `nothing shows that focus is on ${place}`
    : at.contains(over) || through || over.contains(at) && getComputedStyle(at).pointerEvents === 'none' ? undefined : `${name(over)} lies over ${place}`
  return { id: at.id, text: (at.getAttribute('aria-label') ?? at.textContent ?? '').trim().slice(0, 40), unseen }
})

/** Waits for something to have focus: screens that load take a moment to have anything to point at. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const at = document.activeElement
    return at instanceof HTMLElement && at !== document.body && at.getBoundingClientRect().height > 0
  }, undefined, { timeout: 30_000 })
}

const focusOn = (page: Page, selector: string) => page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector)

/** Presses one arrow until what is wanted has focus. */
export async function reach(page: Page, key: Key, selector: string, presses_max = 20): Promise<void> {
  for (let press = 0; press <= presses_max; press += 1) {
    await settled(page)
    if (await focusOn(page, selector)) return
    await page.keyboard.press(key)
    await page.waitForTimeout(60)
  }
  expect.fail(`${presses_max} times ${key} do not lead to ${selector}, but to ${JSON.stringify(await pointed(page))}`)
}

/** Moves in a grid to one of its cards, by the lines as they are drawn. */
export async function reachInGrid(page: Page, id: string): Promise<void> {
  const place = await page.evaluate((id) => {
    const all = [...document.querySelectorAll<HTMLElement>('.grid .card')]
    const of = (card: Element) => {
      const at = all.indexOf(card as HTMLElement)
      const tops = [...new Set(all.map((each) => each.getBoundingClientRect().top))]
      const top = all[at]!.getBoundingClientRect().top
      return { line: tops.indexOf(top), column: all.filter((each) => each.getBoundingClientRect().top === top).indexOf(all[at]!) }
    }
    const [from, to] = [document.activeElement!, document.getElementById(id)!]
    return { from: of(from), to: of(to) }
  }, id)
  const { from, to } = place
  const presses: [Key, number][] = [
    ['ArrowDown', to.line - from.line], ['ArrowUp', from.line - to.line], ['ArrowRight', to.column - from.column], ['ArrowLeft', from.column - to.column],
  ]
  for (const [key, times] of presses) for (let press = 0; press < times; press += 1) await page.keyboard.press(key)
  await page.waitForFunction((id) => document.activeElement?.id === id, id)
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz1234567890'
const A_LINE = 6

/** Writes with the letter pad, by nothing but arrows and OK. */
export async function write(page: Page, words: string): Promise<void> {
  for (const letter of words) {
    const from = LETTERS.indexOf((await pointed(page))!.id.replace('letter-', ''))
    const to = LETTERS.indexOf(letter)
    const [lines, columns] = [Math.floor(to / A_LINE) - Math.floor(from / A_LINE), (to % A_LINE) - (from % A_LINE)]
    for (let line = 0; line < Math.abs(lines); line += 1) await page.keyboard.press(lines > 0 ? 'ArrowDown' : 'ArrowUp')
    for (let column = 0; column < Math.abs(columns); column += 1) await page.keyboard.press(columns > 0 ? 'ArrowRight' : 'ArrowLeft')
    await page.waitForFunction((id) => document.activeElement?.id === id, `letter-${letter}`)
    await page.keyboard.press('Enter')
  }
}

/** Holds OK for as long as it takes to mean more than a press. */
export async function hold(page: Page): Promise<void> {
  await page.keyboard.down('Enter')
  // A key that stays down repeats.
  for (let repeat = 0; repeat < 14; repeat += 1) {
    await page.waitForTimeout(50)
    await page.keyboard.down('Enter')
  }
  await page.keyboard.up('Enter')
}

/** mulberry32: enough to choose keys, and to choose them again. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
