//! The example launcher of a television maker, against a running platform: the mock has no partners.

import { spawn, type ChildProcess } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, PASSWORD } from './visit.ts'

const isReal = Boolean(process.env['BIJOU_BASE_URL'])
let bijou: Target
let browser: Browser
let page: Page
let server: ChildProcess | undefined
let launcher: string
let maker: string
let token = ''

async function call(method: 'POST' | 'PUT', path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(bijou.viewer + path, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.status === 204 ? {} : await answer.json() as Record<string, unknown>
}

/** A developer's way to a key, without any page. */
async function makeKey(): Promise<string> {
  maker = address('maker')
  await call('POST', '/v1/accounts', { email: maker, password: PASSWORD })
  token = String((await call('POST', '/v1/sessions', { email: maker, password: PASSWORD, device_name: 'e2e' }))['access_token'])
  const made = await call('POST', '/partner/v1/apps', { name: 'Lantern TV' })
  return (made['key'] as { text: string }).text
}

/** The address it prints. */
async function started(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    child.stdout?.once('data', (line: Buffer) => done(line.toString().trim()))
    child.once('exit', (code) => failed(new Error(`the launcher's server ended with ${code}`)))
  })
}

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  if (!isReal) return
  const script = new URL('../../examples/tv-launcher/server.mjs', import.meta.url).pathname
  const env = { ...process.env, BIJOU: bijou.viewer, BIJOU_KEY: await makeKey(), PORT: '0' }
  server = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  launcher = await started(server)
  ;({ page } = await visitor(browser, launcher, 'wide'))
  // A platform that was started on any free port does not know its public address, which images and links begin with.
  await page.route(/\/img\//, (route) => route.continue({ url: bijou.viewer + new URL(route.request().url()).pathname }))
})

afterAll(async () => {
  server?.kill()
  await browser?.close()
  await bijou?.stop()
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

  test('shows a code, and is signed in once a phone says yes', async () => {
    await page.keyboard.press('Enter')
    const code = (await page.locator('#code').innerText()).trim()
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    await page.locator('#said', { hasText: '/link' }).waitFor()
    await call('PUT', `/v1/device-codes/${code}/decision`, { approve: true })
    await page.getByText('This television is signed in.').waitFor()
  })

  test('leads into playback', async () => {
    const play = page.locator('.card[href*="/watch/"]').first()
    const href = await play.getAttribute('href') ?? ''
    expect(href).toMatch(/^http.*\/watch\/[a-z0-9-]+$/)
    await page.goto(bijou.viewer + new URL(href).pathname)
    await page.fill('[name=email]', maker)
    await page.fill('[name=password]', PASSWORD)
    await page.click('[type=submit]')
    await untilPlaying(page)
  })
})
