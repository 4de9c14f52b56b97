//! The whole path of an evening by four arrows, OK and Back: who is watching, the foyer, a search, a film, its controls,
//! going on with it, the list. With the mock, or on a running platform. The way in is `tv.test.ts`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot, untilPlaying } from './look.ts'
import { mocked, target, type Target } from './platform.ts'
import { hold, pointed, reach, reachInGrid, settled, write } from './remote.ts'
import { addProfile, address, aFilm, type Film, signIn, signUp } from './visit.ts'

let bijou: Target
let browser: Browser
let tv: Page
let film: Film

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  tv = (await visitor(browser, bijou.viewer, 'wide')).page
  await tv.emulateMedia({ reducedMotion: 'reduce' })
  await signUp(tv, 'Tess', address('tess'))
  film = await aFilm(tv)
  await addProfile(tv, 'Ben')
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

const position = () => tv.evaluate(() => document.querySelector('video')!.currentTime)
/** The film's card among what was begun: these rows have an id of their own. */
const going = () => `[id^="continue"][id$="--${film.id}"]`
const paused = (is: boolean) => tv.waitForFunction((is) => document.querySelector('video')!.paused === is, is)

describe('an evening by arrows', () => {
  test('somebody says who is watching', async () => {
    await tv.goto('/profiles?tv')
    await tv.waitForSelector('.person')
    await settled(tv)
    await expectAccessible(tv, 'who is watching, on a television')
    const ben = await tv.locator('.watching__people button', { hasText: 'Ben' }).getAttribute('id')
    await reach(tv, 'ArrowRight', `#${ben}`)
    await tv.keyboard.press('Enter')
    await tv.waitForSelector('.row .card')
    await settled(tv)
    expect((await pointed(tv))?.unseen).toBeUndefined()
    await expectAccessible(tv, 'the foyer, on a television')
    await screenshot(tv, 'tv-foyer')
  })

  test('the search is written with letters on the page', async () => {
    await reach(tv, 'ArrowUp', '.header *')
    await reach(tv, 'ArrowRight', '#way-search')
    await tv.keyboard.press('Enter')
    await tv.waitForFunction(() => document.activeElement?.id === 'letter-a')
    await expectAccessible(tv, 'letters')
    const word = film.name.normalize('NFD').toLowerCase().replaceAll(/[^a-z0-9 ]/g, '').split(' ').sort((a, b) => b.length - a.length)[0]!.slice(0, 6)
    await write(tv, `${word}x`)
    await reach(tv, 'ArrowDown', '.letters__key--wide')
    await reach(tv, 'ArrowLeft', '#letter-delete')
    await tv.keyboard.press('Enter')
    expect(await tv.inputValue('#search')).toBe(word)
    await tv.waitForSelector(`#found--${film.id}`)
    await expectAccessible(tv, 'search with letters')
    await screenshot(tv, 'tv-search')
    // Answers stand to the right, and the letters to their left.
    await reach(tv, 'ArrowRight', '.search__answers *')
    await reach(tv, 'ArrowLeft', '.letters *')
    await reach(tv, 'ArrowRight', '.search__answers *')
    await reach(tv, 'ArrowDown', '.grid .card')
    await reachInGrid(tv, `found--${film.id}`)
  })

  test('a film is kept on the list and played', async () => {
    await tv.keyboard.press('Enter')
    await tv.waitForFunction(() => document.activeElement?.id === 'play')
    await tv.waitForSelector(`#list-${film.id}`)
    await reach(tv, 'ArrowRight', `#list-${film.id}`)
    await tv.keyboard.press('Enter')
    await tv.waitForSelector(`#list-${film.id}[aria-pressed=true]`)
    await expectAccessible(tv, 'a film, on a television')
    await screenshot(tv, 'tv-title')
    await reach(tv, 'ArrowLeft', '#play')
    await tv.keyboard.press('Enter')
    await untilPlaying(tv)
  })

  test('OK pauses, arrows wind, the bar is scrubbed', async () => {
    await tv.waitForFunction(() => document.activeElement?.matches('.watch__picture'))
    await tv.keyboard.press('Enter')
    await paused(true)
    const before = await position()
    await tv.keyboard.press('ArrowRight')
    await tv.waitForFunction((from) => document.querySelector('video')!.currentTime > from + 5, before)
    await reach(tv, 'ArrowDown', '#position')
    const there = await position()
    await tv.keyboard.press('ArrowLeft')
    await tv.waitForFunction((from) => document.querySelector('video')!.currentTime < from - 3, there)
    await reach(tv, 'ArrowDown', '#toggle-play')
    expect((await pointed(tv))?.unseen).toBeUndefined()
    await expectAccessible(tv, 'player, on a television')
    await screenshot(tv, 'tv-player')
    await reach(tv, 'ArrowRight', '#seek-on')
    const stands = await position()
    await tv.keyboard.press('Enter')
    await tv.waitForFunction((from) => document.querySelector('video')!.currentTime > from + 3, stands)
    await reach(tv, 'ArrowLeft', '#toggle-play')
    await tv.keyboard.press('Enter')
    await paused(false)
  })

  test('Back leads to the picture, then to the film’s page, the words that were searched, and home', async () => {
    await tv.keyboard.press('Escape')
    await tv.waitForFunction(() => document.activeElement?.matches('.watch__picture'))
    await tv.keyboard.press('Escape')
    await tv.waitForFunction(() => document.activeElement?.id === 'play')
    await tv.keyboard.press('Escape')
    await tv.waitForFunction((id) => document.activeElement?.id === id, `found--${film.id}`)
    await tv.keyboard.press('Escape')
    await tv.waitForSelector('.row .card')
    await tv.waitForFunction(() => document.activeElement?.id === 'way-search')
  })

  test('the film goes on where it was left', async () => {
    await tv.getByRole('heading', { name: 'Continue watching' }).waitFor()
    await reach(tv, 'ArrowDown', going())
    await tv.keyboard.press('Enter')
    await untilPlaying(tv)
    expect(await position()).toBeGreaterThan(2)
    await tv.keyboard.press('Escape')
    await tv.waitForSelector('.row .card')
  })

  test('a card that is held says what else may be done, and OK still down presses nothing of it', async () => {
    await reach(tv, 'ArrowDown', going())
    await hold(tv)
    await tv.waitForSelector('.card-sheet .verdict')
    expect(new URL(tv.url()).pathname).toBe('/')
    await expectAccessible(tv, 'card sheet, on a television')
    await screenshot(tv, 'tv-card')
    await reach(tv, 'ArrowDown', '#sheet-hide')
    await tv.keyboard.press('Enter')
    await tv.waitForSelector('.card-sheet', { state: 'detached' })
    await tv.waitForFunction(() => [...document.querySelectorAll('.row__name')].every((each) => each.textContent !== 'Continue watching'))
    await settled(tv)
  })

  test('the list is opened, and the film taken off it', async () => {
    await reach(tv, 'ArrowUp', '.header *')
    await reach(tv, 'ArrowLeft', '#to-home')
    await reach(tv, 'ArrowRight', '#way-list')
    await tv.keyboard.press('Enter')
    await tv.waitForFunction((id) => document.activeElement?.id === id, `list--${film.id}`)
    await screenshot(tv, 'tv-list')
    await hold(tv)
    await tv.waitForSelector('.card-sheet .verdict')
    await reach(tv, 'ArrowDown', `#list-${film.id}`)
    await tv.keyboard.press('Enter')
    await tv.waitForSelector(`#list-${film.id}[aria-pressed=false]`)
    await tv.keyboard.press('Escape')
    await tv.getByRole('heading', { name: 'Your list is empty' }).waitFor()
    await settled(tv)
    await tv.keyboard.press('Escape')
    await tv.waitForSelector('.row .card')
  })
})

describe('a held arrow', () => {
  test('steps once a frame, however often it repeats', async () => {
    await reach(tv, 'ArrowDown', '.row:has(li:nth-child(6)) .card', 40)
    const places = await tv.evaluate(async () => {
      const rail = document.activeElement!.closest('.row__rail')!
      const place = () => [...rail.querySelectorAll('.card')].indexOf(document.activeElement as HTMLElement)
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn))
      // From the start of the row: there is room for some steps.
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true, cancelable: true }))
      const seen = [place()]
      for (let drawn = 0; drawn < 3; drawn += 1) {
        await frame()
        for (let key = 0; key < 30; key += 1) {
          document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', repeat: true, bubbles: true, cancelable: true }))
        }
        seen.push(place())
      }
      return seen
    })
    expect(places).toEqual([0, 1, 2, 3])
  })
})

describe('captions and sound', () => {
  test('are chosen by arrows', async () => {
    const made = bijou.real ? await mocked() : bijou
    const { page, context } = await visitor(browser, made.viewer, 'wide')
    await signIn(page, 'demo@bijou.example', 'popcorn-and-velvet', 'Nora')
    await page.goto('/watch/bo-tidal?tv')
    await untilPlaying(page)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('video')!.paused)
    await reach(page, 'ArrowDown', '#toggle-play')
    await reach(page, 'ArrowRight', '#menu-sound')
    await page.keyboard.press('Enter')
    await reachText(page, 'Deutsch')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.id === 'menu-sound')
    await reach(page, 'ArrowRight', '#menu-captions')
    await page.keyboard.press('Enter')
    await reachText(page, 'English')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#menu-captions.control--on')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=menuitemradio]:focus')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.id === 'menu-captions')
    await context.close()
    if (bijou.real) await made.stop()
  })
})

/** Down through an open menu to the choice with these words. */
async function reachText(page: Page, words: string): Promise<void> {
  await page.waitForSelector('[role=menu]')
  for (let press = 0; press < 8; press += 1) {
    if ((await pointed(page))?.text === words) return
    await page.keyboard.press('ArrowDown')
  }
  expect.fail(`there is no ${words} in the menu`)
}
