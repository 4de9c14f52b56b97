//! Finding something: as one types, mistyped, narrowed, and not at all. With the mock, or on a running platform.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, signUp } from './visit.ts'

let bijou: Target
let browser: Browser
let page: Page
/** A film of the house with a name long enough to be mistyped. */
let name: string

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  ;({ page } = await visitor(browser, bijou.viewer))
  await signUp(page, 'Ida', address('search'))
  // What is on the page differs from minute to minute while films are being made; the catalog's list does not.
  const listed = (await (await fetch(`${bijou.viewer}/v1/titles?limit=100`)).json()) as { items: { name: string }[] }
  const names = listed.items.map((each) => each.name)
  name = names.find((each) => /^[A-Za-z]{7,}$/.test(each)) ?? names.find((each) => each.length > 6) ?? names[0]!
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

const typed = async (text: string) => {
  await page.fill('#search', '')
  await page.locator('#search').pressSequentially(text, { delay: 20 })
}
const found = () => page.locator('#titles ~ .grid .card__name').allInnerTexts()

test('the field waits for words, with genres to begin from', async () => {
  await page.click('#way-search')
  await page.waitForFunction(() => document.activeElement?.id === 'search')
  await page.waitForSelector('.search__genre')
  await expectAccessible(page, 'search')
  await screenshot(page, 'search-idle')
})

test('a name is found before it is typed to its end', async () => {
  await typed(name.slice(0, 4))
  await page.locator('.grid .card__name', { hasText: name }).first().waitFor()
  await page.waitForSelector('.search__found[aria-busy="false"]')
  await expectAccessible(page, 'results')
  expect(new URL(page.url()).searchParams.get('q')).toBe(name.slice(0, 4))
})

test('a mistyped one is found, and said to be', async () => {
  const wrong = `${name.slice(0, 3)}${name[3] === 'x' ? 'y' : 'x'}${name.slice(4)}`
  await typed(wrong)
  await page.locator('.grid .card__name', { hasText: name }).first().waitFor()
  await page.getByText('instead of').waitFor()
  await expectAccessible(page, 'mistyped')
  await screenshot(page, 'search-mistyped')
})

test('a genre narrows, and is let go again', async () => {
  await page.goto('/search')
  await page.locator('.search__genre').first().click()
  await page.waitForSelector('.grid .card')
  const before = (await found()).length
  await page.locator('.facets .chip[aria-pressed="true"]').waitFor()
  const other = page.locator('.facets .chip[aria-pressed="false"]').last()
  if (await other.count() === 0) return
  await other.click()
  await page.waitForSelector('.search__found[aria-busy="false"]')
  await page.waitForTimeout(300)
  expect((await found()).length).toBeGreaterThan(0)
  expect((await found()).length).toBeGreaterThanOrEqual(Math.min(before, 1))
})

test('nothing found says so, and offers a way on', async () => {
  await page.goto('/search')
  await typed('qqzzxxqq')
  await page.waitForSelector('.search__nothing')
  await expectAccessible(page, 'nothing found')
  await screenshot(page, 'search-nothing')
})

test('coming back from a film has the words and the results as they were', async () => {
  await typed(name)
  await page.locator('.grid .card', { hasText: name }).first().click()
  await page.waitForSelector('.sheet__name')
  await page.goBack()
  await page.locator('.grid .card__name', { hasText: name }).first().waitFor()
  expect(await page.inputValue('#search')).toBe(name)
})
