//! What the screens do when services are away: with the mock, since a healthy platform never shows these.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launch, visitor, type Screen } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying, watchFilm } from './look.ts'
import { mocked, type Target } from './platform.ts'

let bijou: Target
let browser: Browser
let page: Page

beforeAll(async () => {
  bijou = await mocked()
  browser = await launch()
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

async function enter(screen: Screen = 'laptop'): Promise<void> {
  ;({ page } = await visitor(browser, bijou.viewer, screen))
  await page.goto('/')
  await page.fill('[name=email]', 'demo@bijou.example')
  await page.fill('[name=password]', 'popcorn-and-velvet')
  await page.click('[type=submit]')
  await page.waitForSelector('.row .card')
}

const fault = (path: string, status: number, times: number) =>
  fetch(`${bijou.viewer}/mock/fault`, { method: 'POST', body: JSON.stringify({ path, status, times }) })

beforeEach(() => enter())
afterEach(() => page.context().close())

describe('home', () => {
  test('becomes the whole catalog while recommendations are away, and says so', async () => {
    await fault('/v1/home', 503, 2)
    await page.reload()
    await page.getByText('Recommendations are away').waitFor()
    expect(await page.locator('.row__name').allInnerTexts()).toEqual(['Ready to play', 'Also in the catalog'])
    await expectAccessible(page, 'stand-in home')
    await screenshot(page, 'fault-home-stand-in')
  })

  test('says what still works when the catalog is away too, and comes back by one press', async () => {
    await fault('/v1/home', 503, 2)
    await fault('/v1/titles', 503, 4)
    await page.reload()
    await page.getByRole('heading', { name: 'The foyer is dark' }).waitFor()
    await expectAccessible(page, 'dark foyer')
    await screenshot(page, 'fault-home')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForSelector('.row .card')
  })
})

test('an unknown film is said to be unknown, not broken', async () => {
  await page.goto('/title/never-made')
  await page.getByRole('heading', { name: 'No such film' }).waitFor()
  await expectAccessible(page, 'unknown film')
})

test('an unknown address leads back to the foyer', async () => {
  await page.goto('/no/such/room')
  await page.getByRole('heading', { name: 'No such room' }).waitFor()
  await expectAccessible(page, 'unknown address')
})

describe('playing', () => {
  test('goes on when the token is refused: a new one is asked for and the buffer stays', async () => {
    const asked: string[] = []
    page.on('request', (request) => request.url().endsWith('/v1/playbacks') && asked.push(request.url()))
    let firstToken: string | undefined
    await page.route(/-[2-9]\.m4s$/, async (route) => {
      const token = new URL(route.request().url()).pathname.split('/')[3]
      firstToken ??= token
      if (token === firstToken) await route.fulfill({ status: 401, body: '' })
      else await route.continue()
    })
    await page.goto('/watch/bo-lanterns')
    await untilPlaying(page)
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 9))
    const seen = await watchFilm(page, 4000)
    expect(asked).toHaveLength(2)
    expect(seen.moved_s).toBeGreaterThan(1)
    expect(seen.pictures).toBeGreaterThan(5)
    expect(seen.audioBytes).toBeGreaterThan(0)
  })

  test('goes on after playback was away for seconds, without a press', async () => {
    let away = true
    await page.route(/\.m4s$/, (route) => (away ? route.abort('connectionrefused') : route.continue()))
    await page.goto('/watch/bo-lanterns')
    await page.waitForTimeout(6000)
    away = false
    await untilPlaying(page)
    const seen = await watchFilm(page, 2000)
    expect(seen.pictures).toBeGreaterThan(5)
  })

  test('says what happened and what still works when there is no film', async () => {
    await fault('/v1/playbacks', 409, 1)
    await page.goto('/watch/nosferatu')
    await page.getByText('No film yet').waitFor()
    await expectAccessible(page, 'no film')
    await screenshot(page, 'fault-watch')
    await page.getByRole('button', { name: 'Try again' }).click()
    await untilPlaying(page)
  })

  test('reports what was watched', async () => {
    await page.goto('/watch/bo-lanterns')
    await untilPlaying(page)
    await page.keyboard.press('Escape')
    await page.waitForSelector('.sheet__name')
    const reported = (await (await fetch(`${bijou.viewer}/mock/reported`)).json()) as { kind: string }[]
    expect(reported.slice(-2).map((each) => each.kind)).toEqual(['started', 'stopped'])
  })

  test('shows captions above the controls when they are chosen', async () => {
    await page.goto('/watch/bo-lanterns')
    await untilPlaying(page)
    await page.getByRole('button', { name: 'Captions' }).click()
    await expectAccessible(page, 'captions menu')
    await page.getByRole('menuitemradio', { name: 'English' }).click()
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 8))
    await page.getByText('Somebody lit this one for you.').waitFor()
  })
})

describe('on a phone', () => {
  beforeEach(async () => {
    await page.context().close()
    await enter('phone')
  })

  test('nothing is wider than the screen and every target can be hit', async () => {
    for (const path of ['/', '/title/bo-short-circuits', '/account']) {
      await page.goto(path)
      await page.waitForSelector('main h1')
      await page.waitForTimeout(400)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390)
      await expectAccessible(page, `${path} on a phone`)
    }
  })

  test('a tap on the picture brings and hides the controls, and does not stop the film', async () => {
    await page.goto('/watch/bo-lanterns')
    await untilPlaying(page)
    await page.touchscreen.tap(195, 420)
    await page.waitForSelector('.watch--still')
    expect(await page.evaluate(() => document.querySelector('video')!.paused)).toBe(false)
    await page.touchscreen.tap(195, 420)
    await page.waitForSelector('.watch:not(.watch--still)')
  })
})
