//! The example launcher of a television maker, walked whole: registered and started by its two commands, rows from the partner
//! API, a deep link, a code approved on another page, a film that plays in the launcher's own page. Against a running platform:
//! the mock has no partners.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { promisify } from 'node:util'
import { correction, generate, mode } from 'lean-qr'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying, watchFilm } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, PASSWORD, signIn, signUp } from './visit.ts'

const isReal = Boolean(process.env['BIJOU_BASE_URL'])
const example = (name: string) => new URL(`../../examples/tv-launcher/${name}`, import.meta.url).pathname
let bijou: Target
let browser: Browser
let page: Page
/** The developer's telephone. */
let phone: Page
let server: ChildProcess | undefined
let launcher: string
const maker = address('maker')

/** The first command: an account, an app, a key; what it prints is the second one. */
async function register(): Promise<string> {
  const env = { ...process.env, BIJOU: bijou.viewer }
  const { stdout } = await promisify(execFile)(process.execPath, [example('register.mjs'), maker, PASSWORD, 'Lantern TV'], { env })
  return /^BIJOU=\S+ BIJOU_KEY=(bjs_\w+) node examples\/tv-launcher\/server\.mjs$/m.exec(stdout)![1]!
}

/** The address it prints. */
async function started(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    child.stdout?.once('data', (line: Buffer) => done(line.toString().trim()))
    child.once('exit', (code) => failed(new Error(`the launcher's server ended with ${code}`)))
  })
}

/** The code that the television shows. */
async function shown(): Promise<string> {
  await page.locator('#code', { hasText: /^[A-Z]{4}-[A-Z]{4}$/ }).waitFor()
  return page.locator('#code').innerText()
}

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  if (!isReal) return
  const env = { ...process.env, BIJOU: bijou.viewer, BIJOU_KEY: await register(), PORT: '0' }
  server = spawn(process.execPath, [example('server.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  launcher = await started(server)
  ;({ page } = await visitor(browser, launcher, 'wide'))
  ;({ page: phone } = await visitor(browser, bijou.viewer, 'phone'))
  // A platform that was started on any free port does not know its public address, which images begin with.
  await page.route(/\/img\//, (route) => route.continue({ url: bijou.viewer + new URL(route.request().url()).pathname }))
})

afterAll(async () => {
  server?.kill()
  await browser?.close()
  await bijou?.stop()
})

test('the launcher’s picture of a code is what a library draws', async () => {
  const script = example('qr.js')
  const { qr } = await import(script) as { qr: (text: string) => boolean[][] | undefined }
  for (const text of ['http://127.0.0.1:8080/link?code=BCDF-GHJK', 'a', 'x'.repeat(17), 'y'.repeat(78), 'z'.repeat(106)]) {
    // The same mask and the least correction, which are the only ones the example knows.
    const drawn = generate(text, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L, mask: 0, modes: [mode.ascii] })
    const lines = Array.from({ length: drawn.size }, (_, y) => Array.from({ length: drawn.size }, (_, x) => drawn.get(x, y)))
    expect(qr(text), text).toEqual(lines)
  }
  expect(qr('z'.repeat(107))).toBeUndefined()
})

describe.runIf(isReal)('the launcher of a television maker', () => {
  test('has rows of titles, which the arrow keys move through', async () => {
    await page.goto('/')
    await page.waitForSelector('#rows[aria-busy=false] .card')
    expect(await page.locator('#rows .row').count()).toBeGreaterThan(1)
    expect(await page.locator('.card img').first().evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      return image.naturalWidth
    })).toBeGreaterThan(0)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    const focused = () => page.evaluate(() => [...document.querySelectorAll('.row')].findIndex((row) => row.contains(document.activeElement)))
    expect(await focused()).toBe(2)
    await expectAccessible(page, 'launcher')
    await screenshot(page, 'launcher')
    for (let row = 2; row > 0; row -= 1) await page.keyboard.press('ArrowUp')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('sign-in')
  })

  test('a card is a deep link, and asks for a code where nobody is signed in', async () => {
    await page.locator('.card[href^="/watch/"]').first().click()
    expect(new URL(page.url()).pathname).toMatch(/^\/watch\/[a-z0-9-]+$/)
    await shown()
    await page.locator('#qr path[d^="M"]').waitFor({ state: 'attached' })
    await page.locator('#door', { hasText: '/link' }).waitFor()
    await expectAccessible(page, 'launcher, a code')
    await screenshot(page, 'launcher-code')
  })

  test('an app in the sandbox lets nobody in but its developer', async () => {
    const { page: other, context } = await visitor(browser, bijou.viewer)
    await signUp(other, 'Kim', address('viewer'))
    await other.goto(`/link?code=${await shown()}`)
    await other.getByText('only its developer can let it in').waitFor()
    await context.close()
  })

  test('once a telephone says yes, the film plays in the launcher’s own page', async () => {
    await signIn(phone, maker, PASSWORD)
    await phone.goto(`/link?code=${await shown()}`)
    await phone.getByText('Lantern TV').first().waitFor()
    await phone.click('#approve')
    await phone.getByText('It is in').waitFor()
    await untilPlaying(page)
    const seen = await watchFilm(page, 3_000)
    expect(seen.moved_s, 'the film goes on').toBeGreaterThan(1)
    expect(seen.frames).toBeGreaterThan(10)
    expect(seen.audioBytes).toBeGreaterThan(0)
    expect(new URL(page.url()).origin).toBe(new URL(launcher).origin)
    await screenshot(page, 'launcher-film')
    await page.keyboard.press('Escape')
    await page.waitForSelector('#stage[hidden]', { state: 'attached' })
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test('a deep link from outside plays at once, with the tokens the television kept', async () => {
    const href = await page.locator('.card[href^="/watch/"]').nth(1).getAttribute('href')
    await page.goto(href!)
    await untilPlaying(page)
  })

  test('its tokens watch, and manage nothing', async () => {
    const token = await page.evaluate(async (base) => {
      const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: localStorage.getItem('lantern.refresh-token')! })
      const tokens = await (await fetch(`${base}/oauth/token`, { method: 'POST', body: form })).json() as { access_token: string; refresh_token: string }
      localStorage.setItem('lantern.refresh-token', tokens.refresh_token)
      return tokens.access_token
    }, bijou.viewer)
    const status = async (path: string, method = 'GET') =>
      (await fetch(bijou.viewer + path, { method, headers: { authorization: `Bearer ${token}` } })).status
    for (const path of ['/v1/profiles', '/v1/me/list', '/v1/home']) expect(await status(path), path).toBe(200)
    for (const path of ['/v1/sessions', '/v1/accounts/me', '/v1/exports/any', '/v1/device-codes/BCDF-GHJK', '/partner/v1/apps']) {
      expect(await status(path), path).toBe(403)
    }
    expect(await status('/v1/profiles', 'POST')).toBe(403)
  })
})
