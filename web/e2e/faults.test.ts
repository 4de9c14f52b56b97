//! What the screens do when services are away: with the mock, since a healthy platform never shows these.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launch, visitor, type Screen } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying, watchFilm } from './look.ts'
import { mocked, type Target } from './platform.ts'
import { signIn } from './visit.ts'

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
  await signIn(page, 'demo@bijou.example', 'popcorn-and-velvet', 'Nora')
}

const fault = (path: string, status: number, times: number, more: object = {}) =>
  fetch(`${bijou.viewer}/mock/fault`, { method: 'POST', body: JSON.stringify({ path, status, times, ...more }) })

beforeEach(() => enter())
afterEach(() => page.context().close())

describe('home', () => {
  test('asks again for a picture that did not come', async () => {
    const asked: string[] = []
    await page.route(/\/img\//, (route) => {
      asked.push(route.request().url())
      return asked.length === 1 ? route.fulfill({ status: 504 }) : route.continue()
    })
    await page.reload()
    await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('img[data-tried]')].some((image) => image.complete && image.naturalWidth > 0))
    expect(asked.filter((url) => url === asked[0]).length).toBeGreaterThan(1)
  })

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

describe('profiles', () => {
  test('away at the door: the household is let in as a whole, and can try again', async () => {
    await page.evaluate(() => localStorage.removeItem('bijou.me'))
    await fault('/v1/profiles', 503, 4)
    await page.goto('/profiles')
    await page.getByRole('heading', { name: 'Profiles do not answer' }).waitFor()
    await expectAccessible(page, 'profiles away')
    await screenshot(page, 'fault-profiles')
    await page.click('#go-without')
    await page.waitForSelector('.row .card')
    await page.waitForSelector('#to-account')
  })

  test('away on the home page: it says what is missing, and every film is there', async () => {
    await page.route('**/v1/home*', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), missing: ['profiles'] } })
    })
    await page.reload()
    await page.getByText('Your own rows are away').waitFor()
    await expectAccessible(page, 'home without profiles')
  })

  test('away from list, history and settings: each says what is safe', async () => {
    for (const [path, api, heading] of [
      ['/list', '/v1/me/list', 'Your list cannot be shown'], ['/history', '/v1/me/history', 'What you watched cannot be shown'],
      ['/settings', '/v1/me/preferences', 'Your settings cannot be shown'],
    ] as const) {
      await fault(api, 503, 4)
      await page.goto(path)
      await page.getByRole('heading', { name: heading }).waitFor()
      await expectAccessible(page, heading)
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('heading', { name: heading }).waitFor({ state: 'detached' })
    }
  })
})

test('a search that does not answer says so, and comes back by one press', async () => {
  await fault('/v1/search', 503, 2, { exact: true })
  await page.goto('/search?q=night')
  await page.getByRole('heading', { name: 'The search does not answer' }).waitFor()
  await expectAccessible(page, 'search away')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.waitForSelector('.grid .card')
})

test('a card says all one may do with it, and why it is there', async () => {
  await page.locator('.card__more').nth(4).evaluate((button: HTMLElement) => button.click())
  await page.waitForSelector('.card-sheet .verdict')
  await page.click('.why__ask')
  await page.waitForSelector('.why__shares, .why .quiet')
  await expectAccessible(page, 'card sheet')
  await screenshot(page, 'card-sheet')
  await page.keyboard.press('Escape')
  await page.waitForSelector('.card-sheet', { state: 'detached' })
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
    const isSeenAndHeard = async () => {
      const seen = await watchFilm(page, 2000)
      return seen.pictures > 5 && seen.audioBytes > 0
    }
    await expect.poll(isSeenAndHeard, { timeout: 30_000 }).toBe(true)
    // A segment under way with the old token may have it renewed once more.
    expect([2, 3]).toContain(asked.length)
  })

  test('goes on after playback was away for seconds, without a press', async () => {
    let away = true
    await page.route(/\.m4s$/, (route) => (away ? route.abort('connectionrefused') : route.continue()))
    await page.goto('/watch/bo-lanterns')
    await page.waitForTimeout(6000)
    away = false
    await untilPlaying(page)
    await expect.poll(async () => (await watchFilm(page, 2000)).pictures, { timeout: 30_000 }).toBeGreaterThan(5)
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
    const reported = async () => (await (await fetch(`${bijou.viewer}/mock/reported`)).json()) as { kind: string }[]
    await expect.poll(async () => (await reported()).slice(-2).map((each) => each.kind), { timeout: 10_000 }).toEqual(['started', 'stopped'])
  })

  test('a full house says who watches where, and one seat can be taken over', async () => {
    const streams = [{ playback_id: 'p1', device_name: 'Living room TV', title_id: 'nosferatu', started_at: new Date(Date.now() - 2_400_000).toISOString() }]
    await fault('/v1/playbacks', 409, 1, { exact: true, code: 'too-many-streams', more: { streams } })
    const asked = page.waitForRequest((request) => request.url().endsWith('/v1/playbacks') && (request.postDataJSON() as { take_over?: string }).take_over === 'p1')
    await page.goto('/watch/bo-tidal')
    await page.getByRole('heading', { name: 'All seats are taken' }).waitFor()
    await page.getByText('Nosferatu, begun 40 minutes ago').waitFor()
    await expectAccessible(page, 'full house')
    await screenshot(page, 'fault-full-house')
    await page.getByRole('button', { name: 'Watch here instead of on Living room TV' }).click()
    await asked
    await untilPlaying(page)
  })

  test('a film that another device took over says so, and can be taken back', async () => {
    await page.goto('/watch/bo-carousel')
    await untilPlaying(page)
    await fault('/v1/playbacks/', 409, 1, { code: 'taken-over' })
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 13))
    await page.getByText('It goes on elsewhere').waitFor()
    await expectAccessible(page, 'taken over')
    await screenshot(page, 'fault-taken-over')
    await page.click('#take-back')
    await untilPlaying(page)
  })

  test('the opening is skipped, and the next episode comes by itself', async () => {
    await page.goto('/watch/bo-short-circuits/bo-short-circuits-s1e3')
    await untilPlaying(page)
    await page.waitForSelector('#skip-intro')
    // What is looked at closely stands still: a slow look must not be overtaken by the film.
    await page.evaluate(() => document.querySelector('video')!.pause())
    await expectAccessible(page, 'skip the opening')
    await page.click('#skip-intro')
    await page.waitForFunction(() => document.querySelector('video')!.currentTime >= 7)
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 18.5))
    await page.waitForSelector('.next')
    await expectAccessible(page, 'next episode')
    await page.evaluate(() => void document.querySelector('video')!.play())
    await page.waitForURL('**/bo-short-circuits-s2e1')
    await untilPlaying(page)
  })

  test('somebody who wants the credits sees them', async () => {
    await page.goto('/watch/bo-short-circuits/bo-short-circuits-s2e1')
    await untilPlaying(page)
    await page.evaluate(() => {
      const video = document.querySelector('video')!
      video.pause()
      video.currentTime = 18.5
    })
    await page.click('#next-stay')
    await page.evaluate(() => void document.querySelector('video')!.play())
    await page.getByText('The end').waitFor()
    expect(page.url()).toContain('s2e1')
    await expectAccessible(page, 'the end')
  })

  test('without autoplay an episode ends where it ends', async () => {
    await page.goto('/settings')
    await page.uncheck('#autoplay')
    await page.getByText('Kept').waitFor()
    await page.goto('/watch/bo-short-circuits/bo-short-circuits-s1e3')
    await untilPlaying(page)
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 18.5))
    await page.getByText('The end').waitFor()
    expect(page.url()).toContain('s1e3')
  })

  test('the sound is chosen, and a place in the film is pointed at before it is gone to', async () => {
    await page.goto('/watch/bo-tidal')
    await untilPlaying(page)
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Sound' }).click()
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
    await page.getByRole('button', { name: 'Sound' }).click()
    await page.waitForSelector('[role=menuitemradio][aria-checked=true]:has-text("Deutsch")')
    await page.keyboard.press('Escape')
    const box = (await page.locator('#position').boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.waitForSelector('.scrubber__time:has-text("0:12")')
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2)
    expect(await page.evaluate(() => document.querySelector('video')!.currentTime)).toBeLessThan(12)
    await page.mouse.up()
    await page.waitForFunction(() => Math.abs(document.querySelector('video')!.currentTime - 18) < 1.5)
  })

  test('shows captions above the controls when they are chosen, as large as they are wanted', async () => {
    await page.goto('/settings')
    await page.getByRole('radio', { name: 'Huge' }).check({ force: true })
    await page.getByText('Kept').waitFor()
    await page.goto('/watch/bo-encore')
    await untilPlaying(page)
    // A film that goes on hides its controls, and the menu with them.
    await page.evaluate(() => document.querySelector('video')!.pause())
    await page.getByRole('button', { name: 'Captions' }).click()
    await expectAccessible(page, 'captions menu')
    await page.getByRole('menuitemradio', { name: 'English' }).click()
    await page.evaluate(() => (document.querySelector('video')!.currentTime = 8))
    await page.getByText('Somebody lit this one for you.').waitFor()
    expect(await page.locator('.watch__cues').getAttribute('data-size')).toBe('huge')
  })
})

describe('a show', () => {
  test('has seasons, one at a time, and an episode of another one is a press away', async () => {
    await page.goto('/title/bo-short-circuits')
    await page.click('#season-bo-short-circuits-s1')
    await page.waitForSelector('#season-bo-short-circuits-s1[aria-pressed=true]')
    expect(await page.locator('.episodes__list li').count()).toBe(3)
    await page.click('#season-bo-short-circuits-s2')
    await page.waitForSelector('#season-bo-short-circuits-s2[aria-pressed=true]')
    expect(await page.locator('.episodes__list li').count()).toBe(4)
    await page.locator('.episodes__list a').first().click()
    await page.waitForURL('**/watch/bo-short-circuits/bo-short-circuits-s2e1')
    await untilPlaying(page)
  })
})

describe('somebody who wants less motion', () => {
  test('has none: nothing fades or slides, and a row is where it goes at once', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto('/')
    await page.waitForSelector('.row .card')
    await page.waitForLoadState('networkidle')
    await page.locator('.row .card').first().focus()
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('ArrowRight')
      // Two frames: one for the key, one in which a slide would be under way.
      const moves = await page.evaluate(async () => {
        const frame = () => new Promise(requestAnimationFrame)
        await frame()
        await frame()
        const rail = document.activeElement!.closest('.row__rail')!
        const left = rail.scrollLeft
        const long = document.getAnimations().filter((each) => Number(each.effect?.getComputedTiming().duration) > 1).length
        await frame()
        await frame()
        return { long, slides: rail.scrollLeft !== left }
      })
      expect(moves).toEqual({ long: 0, slides: false })
    }
  })
})

const PATHS = ['/', '/title/bo-short-circuits', '/search', '/search?q=night', '/list', '/history', '/settings', '/account', '/profiles', '/profiles/new', '/picks', '/person/person-0']

describe.each([['phone', 390], ['laptop', 1280], ['wide', 1920]] as const)('on a screen such as a %s', (screen, width) => {
  test('nothing is wider than the screen and every target can be hit', async () => {
    await page.context().close()
    await enter(screen)
    for (const path of PATHS) {
      await page.goto(path)
      await page.waitForSelector('main h1')
      await page.waitForTimeout(400)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width)
      await expectAccessible(page, `${path} on a ${screen}`)
      await screenshot(page, `${screen}${path.replaceAll(/[^a-z0-9]+/g, '-')}`)
    }
  })
})

describe('on a phone', () => {
  beforeEach(async () => {
    await page.context().close()
    await enter('phone')
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
