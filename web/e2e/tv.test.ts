//! A television: signed in by a code from the phone, driven by four arrows, OK and Back, and focus is never lost.
//!
//! The walk presses random keys and names its seed when it fails; after each there is exactly one thing with focus, its
//! middle is on the screen and nothing lies over it. A whole evening by arrows is `arrows.test.ts`.

import { generate } from 'lean-qr'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'
import { target, type Target } from './platform.ts'
import { pointed, random, reach, settled, type Key } from './remote.ts'
import { address, settle, signUp } from './visit.ts'

const KEYS: readonly Key[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter', 'Escape']
/** Arrows are what people press most; OK and Back lead to other screens. */
const WEIGHTS = [5, 5, 5, 5, 2, 1]
const PRESSES = 300
/** Only on a running platform: the mock hands out no codes. */
const REAL = process.env['BIJOU_BASE_URL'] !== undefined

let bijou: Target
let browser: Browser
let phone: Page
let tv: Page

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  phone = (await visitor(browser, bijou.viewer, 'phone')).page
  tv = (await visitor(browser, bijou.viewer, 'wide')).page
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

describe.runIf(REAL)('a television without a keyboard', () => {
  test('shows a code, and goes on by itself when a phone says yes', async () => {
    await phone.goto('/')
    await signUp(phone, 'Tess', address('tess'))
    await tv.goto('/?tv')
    const code = (await tv.locator('#user-code').innerText()).trim()
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    const path = (await tv.locator('.tvdoor__picture path').getAttribute('d')) ?? ''
    const drawn = path.split('M').slice(1).map((module) => module.replace(/h1v1h-1z$/, ''))
    expect(drawn, 'the picture is what a library draws of the address with this code').toEqual(modules(new URL(`/link?code=${code}`, bijou.viewer).href))
    await settled(tv)
    await expectAccessible(tv, 'television door')
    await screenshot(tv, 'tv-door')

    await phone.goto('/link')
    await phone.fill('#link-code', code.toLowerCase().replace('-', ''))
    await phone.keyboard.press('Enter')
    await phone.getByText(code).waitFor()
    await phone.getByRole('heading', { name: 'Let Chrome on Linux in?' }).waitFor()
    expect(await phone.locator('.link__facts').innerText()).toMatch(/127\.0\.0\.1, the network you are in/)
    await expectAccessible(phone, 'letting a television in')
    await screenshot(phone, 'link')
    await phone.click('#approve')
    await phone.getByRole('heading', { name: 'It is in' }).waitFor()
    await settle(tv)
    await settled(tv)
    await screenshot(tv, 'tv-home')
  })

  test('a code nobody has is told so', async () => {
    await phone.goto('/link?code=BCDF-GHJK')
    await phone.getByText('No television waits with this code').waitFor()
  })
})

describe.runIf(REAL)('four arrows', () => {
  test('lead to a film and Back leads home, where focus was', async () => {
    await tv.goto('/')
    await tv.waitForSelector('.row .card')
    await reach(tv, 'ArrowDown', '.row .card')
    const card = await pointed(tv)
    await tv.keyboard.press('Enter')
    await tv.waitForURL(/\/(title|watch)\//)
    await settled(tv)
    await tv.keyboard.press('Escape')
    await tv.waitForSelector('.row .card')
    await tv.waitForFunction((id) => document.activeElement?.id === id, card!.id)
  })

  test('300 random keys: there is always exactly one thing with focus, it can be seen, and Back leads home', async () => {
    const seed = Number(process.env['BIJOU_TEST_SEED'] ?? Date.now() % 1_000_000_000)
    const dice = random(seed)
    const total = WEIGHTS.reduce((sum, weight) => sum + weight, 0)
    const pressed: string[] = []
    const where = () => `seed ${seed}, after ${pressed.slice(-12).join(' ')} at ${tv.url()}`
    await tv.goto('/')
    await tv.waitForSelector('.row .card')
    await settled(tv)
    for (let press = 0; press < PRESSES; press += 1) {
      let left = dice() * total
      const key = KEYS[WEIGHTS.findIndex((weight) => (left -= weight) < 0)] ?? 'ArrowDown'
      // The way out of the house, and of the account, is not walked at random.
      if (key === 'Enter' && /sign out|delete|erase/i.test((await pointed(tv))?.text ?? '')) continue
      pressed.push(key)
      await tv.keyboard.press(key)
      await settled(tv).catch(() => expect.fail(`focus is lost: ${where()}`))
      await expectSeen(where)
    }
    await expectBackHome(where)
    await expectRowsRemember(where)
  }, 600_000)
})

/** The dark modules of a text's picture, as `x y`, line by line. */
function modules(text: string): string[] {
  const code = generate(text)
  const at = Array.from({ length: code.size }, (_, place) => place)
  return at.flatMap((y) => at.filter((x) => code.get(x, y)).map((x) => `${x} ${y}`))
}

/** Scrolling to what has focus, and a screen that was just drawn, take a frame or two. */
async function expectSeen(where: () => string): Promise<void> {
  const until = Date.now() + 15_000
  let at = await pointed(tv)
  while ((at === undefined || at.unseen !== undefined) && Date.now() < until) {
    await tv.waitForTimeout(50)
    at = await pointed(tv)
  }
  if (at === undefined || at.unseen !== undefined) expect.fail(`${at ? at.unseen : 'nothing has focus'}: ${where()}`)
}

/** However deep the walk has led: a layer, a film, a screen at a time. */
async function expectBackHome(where: () => string): Promise<void> {
  const isHome = () => tv.evaluate(() => location.pathname === '/' && document.querySelector('dialog[open], [data-focus-scope]') === null)
  for (let press = 0; press < PRESSES && !(await isHome()); press += 1) {
    await tv.keyboard.press('Escape')
    await tv.waitForTimeout(100)
    await settled(tv)
  }
  expect(await isHome(), `Back leads home: ${where()}`).toBe(true)
  await tv.waitForSelector('.row .card')
  await expectSeen(where)
}

/** A row that was left is entered where it was left. */
async function expectRowsRemember(where: () => string): Promise<void> {
  await reach(tv, 'ArrowUp', '.header *', 60)
  await reach(tv, 'ArrowDown', '.row .card')
  for (let press = 0; press < 2; press += 1) await tv.keyboard.press('ArrowRight')
  const left = await pointed(tv)
  await tv.keyboard.press('ArrowDown')
  await tv.waitForFunction((id) => document.activeElement?.id !== id, left!.id)
  await tv.keyboard.press('ArrowUp')
  await tv.waitForFunction((id) => document.activeElement?.id === id, left!.id)
    .catch(() => expect.fail(`a row remembers ${left?.id}: ${where()}`))
}
