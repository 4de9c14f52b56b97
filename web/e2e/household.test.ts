//! A household: each person has a page of their own, a play changes the next page, a film goes on in another browser,
//! and a child sees what a child may see. With the mock, or on a running platform.

import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying } from './look.ts'
import { target, type Target } from './platform.ts'
import { addProfile, address, aFilm, asked, PASSWORD, signIn, signUp, switchTo, watchUntil } from './visit.ts'

let bijou: Target
let browser: Browser
let page: Page
let film: string
const email = address('household')

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  ;({ page } = await visitor(browser, bijou.viewer))
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

const rows = (of: Page) => of.locator('.row__name').allInnerTexts()
const titleIds = (of: Page) => of.locator('.row .card').evaluateAll((cards) => cards.map((card) => card.id.split('--')[1] ?? ''))
const going = (of: Page) => of.locator('.row', { hasText: 'Continue watching' })

describe('somebody new', () => {
  test('names three films and comes into a foyer', async () => {
    await page.goto('/sign-up')
    await signUp(page, 'Nora', email, 3)
    await page.waitForSelector('#who')
    await expectAccessible(page, 'first home')
    await screenshot(page, 'household-first-home')
  })

  test('adds somebody else, with a face, who sits down at once', async () => {
    await page.goto('/profiles')
    await page.waitForSelector('.person')
    await expectAccessible(page, 'who is watching')
    await screenshot(page, 'household-who')
    await page.click('#person-new')
    await page.waitForSelector('.choice-face')
    await expectAccessible(page, 'new profile')
    await page.goBack()
    await addProfile(page, 'Ben')
    expect(await page.locator('#who').getAttribute('aria-label')).toContain('Ben')
  })
})

describe('a play', () => {
  test('changes the next page: the film goes on from there', async () => {
    await page.goto('/')
    await page.waitForSelector('.row .card')
    expect(await rows(page)).not.toContain('Continue watching')
    film = (await aFilm(page)).id
    await watchUntil(page, `/watch/${film}`, 5)
    await page.goto('/')
    await page.waitForFunction(() => [...document.querySelectorAll('.row__name')].some((each) => each.textContent === 'Continue watching'), undefined, { timeout: 20_000 })
    expect(await going(page).locator('.card').first().getAttribute('id')).toContain(film)
    expect(await going(page).locator('.card__done').count()).toBe(1)
    await expectAccessible(page, 'home after a play')
    await screenshot(page, 'household-home')
  })

  test('is nobody else’s business', async () => {
    const ben = await titleIds(page)
    await switchTo(page, 'Nora')
    expect(await rows(page)).not.toContain('Continue watching')
    expect(await titleIds(page)).not.toEqual(ben)
    await switchTo(page, 'Ben')
    await going(page).waitFor()
  })

  test('goes on in another browser where it was stopped', async () => {
    const other = await visitor(browser, bijou.viewer, 'phone')
    await signIn(other.page, email, PASSWORD, 'Ben')
    await other.page.goto(`/title/${film}`)
    await other.page.getByRole('link', { name: 'Resume' }).click()
    await untilPlaying(other.page)
    expect(await other.page.evaluate(() => document.querySelector('video')!.currentTime)).toBeGreaterThan(4)
    await other.page.getByText('From the beginning').waitFor()
    await other.context.close()
  })

  test('is listed as watched, and forgotten when it is deleted', async () => {
    await page.goto('/history')
    await page.waitForSelector('.entry')
    await expectAccessible(page, 'watched')
    await screenshot(page, 'household-history')
    while (await page.locator('.entry').count() > 0) {
      const left = await page.locator('.entry').count()
      await page.locator('.entry__bin').first().click()
      await page.waitForFunction((before) => document.querySelectorAll('.entry').length < before, left)
    }
    await page.getByRole('heading', { name: 'Nothing watched yet' }).waitFor()
    await page.goto('/')
    await page.waitForSelector('.row .card')
    await page.waitForFunction(() => [...document.querySelectorAll('.row__name')].every((each) => each.textContent !== 'Continue watching'), undefined, { timeout: 20_000 })
  })
})

describe('what somebody thinks', () => {
  test('is kept: a film on the list, a thumb', async () => {
    await page.goto(`/title/${film}`)
    await page.getByRole('button', { name: 'My list' }).click()
    await page.getByRole('button', { name: 'I like it' }).click()
    await page.getByText('You will see more like it').waitFor()
    await expectAccessible(page, 'title with a verdict')
    await page.reload()
    await page.waitForFunction(() => document.querySelectorAll('.verdict[aria-pressed="true"]').length === 2)
    await page.goto('/list')
    await page.waitForSelector(`#list--${film}`)
    await expectAccessible(page, 'my list')
  })

  test('an empty list says what will fill it', async () => {
    await page.hover(`#list--${film}`)
    await page.click('.list__off')
    await page.getByRole('heading', { name: 'Your list is empty' }).waitFor()
    await page.goto('/list')
    await page.getByRole('heading', { name: 'Your list is empty' }).waitFor()
    await expectAccessible(page, 'empty list')
  })
})

describe('settings', () => {
  test('are kept, and captions look as chosen', async () => {
    await page.goto('/settings')
    await page.waitForSelector('.captioned')
    await expectAccessible(page, 'settings')
    await page.getByRole('radio', { name: 'Huge' }).check({ force: true })
    await page.getByText('Kept').waitFor()
    const kept = page.waitForResponse((each) => each.url().endsWith('/v1/me/preferences') && each.request().method() === 'PUT')
    await page.uncheck('#autoplay')
    expect((await kept).ok()).toBe(true)
    await page.reload()
    await page.waitForSelector('.captioned .cues[data-size="huge"]')
    expect(await page.isChecked('#autoplay')).toBe(false)
    await screenshot(page, 'household-settings')
  })

  test('a PIN keeps others out', async () => {
    await page.click('#pin-set')
    await page.fill('#new-pin', '1926')
    await page.click('#pin-keep')
    await page.getByText('From now on this profile asks').waitFor()
    await switchTo(page, 'Nora')
    await page.goto('/profiles')
    await page.locator('.watching__people button', { hasText: 'Ben' }).click()
    await page.fill('#pin', '0000')
    await page.keyboard.press('Enter')
    await page.getByText('Not that one').waitFor()
    await expectAccessible(page, 'PIN')
    await screenshot(page, 'household-pin')
    await page.fill('#pin', '1926')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.row .card')
    expect(await page.locator('#who').getAttribute('aria-label')).toContain('Ben')
  })
})

describe('two of one household', () => {
  test('who watched different films have different pages, not only what they go on with', async () => {
    const titles = await asked<{ items: { id: string; name: string }[] }>(page, '/v1/titles?playable=true&kind=movie&limit=20')
    const said = () => page.locator('.hero, .row').allInnerTexts().then((all) => all.join(' '))
    const because = (at: number) => `Because you watched ${titles.items[at]!.name}`
    const pages: string[][] = []
    for (const [at, name] of ['Una', 'Zoe'].entries()) {
      await addProfile(page, name)
      await watchUntil(page, `/watch/${titles.items[at]!.id}`, 5)
      // What was watched a moment ago is on its way from service to service.
      await expect.poll(async () => {
        await page.goto('/')
        await page.waitForSelector('.row .card')
        return said()
      }, { timeout: 40_000, interval: 1000 }).toContain(because(at))
      expect(await said()).not.toContain(because(1 - at))
      pages.push(await page.locator('.row .card:not([id^="continue--"])').evaluateAll((cards) => cards.map((card) => card.id)))
    }
    expect(pages[0]!.length).toBeGreaterThan(0)
    expect(pages[0]).not.toEqual(pages[1])
  })
})

describe('a child', () => {
  test('sees what a child may see, in rows, by search and by address', async () => {
    await switchTo(page, 'Nora')
    const all = await asked<{ items: { id: string; name: string; certification_age: number }[] }>(page, '/v1/titles?limit=100')
    const forbidden = all.items.find((each) => each.certification_age > 7)
    if (!forbidden) expect.fail('the catalog has nothing that a child may not see')
    await addProfile(page, 'Kim', true)
    const child = await asked<{ items: { id: string; certification_age: number }[] }>(page, '/v1/titles?limit=100')
    expect(child.items.every((each) => each.certification_age <= 7)).toBe(true)
    const shown = new Set(await titleIds(page))
    expect(all.items.filter((each) => each.certification_age > 7 && shown.has(each.id))).toEqual([])
    await expectAccessible(page, 'a child’s home')
    await screenshot(page, 'household-kids')
    await page.goto(`/title/${forbidden.id}`)
    await page.getByRole('heading', { name: 'No such film' }).waitFor()
    await page.goto(`/search?q=${encodeURIComponent(forbidden.name)}`)
    await page.waitForSelector('.search__nothing, .grid .card')
    expect(await page.locator(`#found--${forbidden.id}`).count()).toBe(0)
  })

  test('manages nothing', async () => {
    await page.goto('/profiles')
    await page.waitForSelector('.person')
    expect(await page.locator('#person-new, #manage').count()).toBe(0)
    await page.goto('/settings')
    await page.getByRole('heading', { name: 'Settings are for grown-ups' }).waitFor()
    await expectAccessible(page, 'settings of a child')
  })
})

describe('what the house knows of somebody', () => {
  test('is given to them as an archive', async () => {
    await switchTo(page, 'Nora')
    await page.goto('/settings')
    await page.click('#export')
    await page.waitForSelector('#export-fetch', { timeout: 60_000 })
    await expectAccessible(page, 'an archive that is ready')
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#export-fetch')])
    expect(download.suggestedFilename()).toBe('bijou-nora.zip')
    const archive = readFileSync(await download.path(), 'latin1')
    // Names of files stand in an archive as they are; the mock's is none.
    if (bijou.real) for (const name of ['README.txt', 'profile.json', 'history.json', 'positions.json', 'list.json', 'thumbs.json']) expect(archive).toContain(name)
    else expect(archive).toContain('Nora')
  })

  test('is forgotten by every service, and how far they are is said', async () => {
    await page.goto('/profiles')
    await page.click('#manage')
    await page.locator('.person--managed', { hasText: 'Kim' }).click()
    await page.click('#profile-delete')
    await page.click('#delete-yes')
    await page.getByRole('heading', { name: /^Kim is (being )?forgotten$/ }).waitFor()
    await page.getByRole('heading', { name: 'Kim is forgotten' }).waitFor({ timeout: 60_000 })
    expect(await page.locator('.erasing__part').count()).toBeGreaterThan(1)
    expect(await page.locator('.erasing__part', { hasText: 'still at it' }).count()).toBe(0)
    await expectAccessible(page, 'a profile that is forgotten')
    await screenshot(page, 'household-forgotten')
    await page.click('#erasing-close')
    await page.waitForSelector('.person')
    expect(await page.locator('.person', { hasText: 'Kim' }).count()).toBe(0)
  })
})
