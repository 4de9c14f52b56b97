//! Profiles go away in the middle of a film: the film goes on, and where it was stopped is known afterwards, on any screen.
//! On a running platform the service is killed as often as it is started again (BIJOU_RUN_FILE says which process it is);
//! with the mock its answers are replaced.

import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { untilPlaying } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, aFilm, PASSWORD, signIn, signUp } from './visit.ts'

let bijou: Target
let browser: Browser
let page: Page
let back: (() => Promise<void>) | undefined
const email = address('away')

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  ;({ page } = await visitor(browser, bijou.viewer))
})

afterEach(() => back?.())

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

/** Takes profiles away until what it returns is called. */
async function takeAway(): Promise<() => Promise<void>> {
  if (!bijou.real) {
    const answers = '**/v1/me/positions/**'
    await page.route(answers, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status":503}' }))
    return () => page.unroute(answers)
  }
  const file = process.env['BIJOU_RUN_FILE']
  if (!file) throw new Error('BIJOU_RUN_FILE has to name the run.json of the platform at BIJOU_BASE_URL')
  const running = () => (JSON.parse(readFileSync(file, 'utf8')) as { roles: Record<string, { pid?: number }> }).roles['profiles']?.pid
  const killed = new Set<number>()
  const kill = () => {
    const pid = running()
    if (pid === undefined || killed.has(pid)) return
    process.kill(pid, 'SIGKILL')
    killed.add(pid)
  }
  kill()
  expect(killed.size).toBe(1)
  const again = setInterval(kill, 20)
  return async () => clearInterval(again)
}

/** Positions that this device still keeps, in seconds. */
const kept = () => page.evaluate(() => Object.entries(localStorage)
  .filter(([key]) => key.startsWith('bijou.position.'))
  .map(([, text]) => (JSON.parse(text as string) as { position_s: number }).position_s))

test('a film goes on while profiles are away, and goes on elsewhere from where it was stopped', async () => {
  await signUp(page, 'Ada', email)
  const { id: film } = await aFilm(page)
  await page.goto(`/watch/${film}`)
  await untilPlaying(page)

  const refused: number[] = []
  page.on('response', (answer) => {
    if (answer.url().includes('/v1/me/positions/') && answer.status() >= 500) refused.push(answer.status())
  })
  back = await takeAway()
  const from = await page.evaluate(() => document.querySelector('video')!.currentTime)
  await page.waitForFunction((from) => document.querySelector('video')!.currentTime > from + 6, from, { timeout: 60_000 })
  expect(await page.evaluate(() => document.querySelector('video')!.paused)).toBe(false)
  await page.keyboard.press('Escape')
  await page.waitForSelector('.sheet__name')
  await expect.poll(() => refused.length, { timeout: 30_000 }).toBeGreaterThan(0)
  const [stopped] = await kept()
  expect(stopped).toBeGreaterThan(from + 5)

  await back()
  back = undefined
  await expect.poll(kept, { timeout: 90_000 }).toEqual([])

  const other = await visitor(browser, bijou.viewer, 'phone')
  await signIn(other.page, email, PASSWORD, 'Ada')
  await other.page.goto(`/title/${film}`)
  await other.page.getByRole('link', { name: 'Resume' }).click()
  await untilPlaying(other.page)
  expect(await other.page.evaluate(() => document.querySelector('video')!.currentTime)).toBeGreaterThan(stopped! - 1)
  await other.context.close()
})
