//! No network: the app opens all the same after one visit, also on screens nobody has been to, and says what still works.
//! With the mock, or on a running platform.

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, signUp } from './visit.ts'

let bijou: Target
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  ;({ context, page } = await visitor(browser, bijou.viewer, 'phone'))
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

test('after the first visit the app opens without a network, and says what still works', async () => {
  await signUp(page, 'Olga', address('olga'))
  // The one visit is enough: the worker has taken it over, and its files are there.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await context.setOffline(true)
  await page.reload()
  await page.getByRole('heading', { name: 'No way to the house' }).waitFor()
  await page.getByText('where you stopped is kept here').waitFor()
  await expectAccessible(page, 'home without a network')
  await screenshot(page, 'offline-home')
})

test('screens that were never visited open', async () => {
  for (const [path, words] of [['/list', 'Your list cannot be shown'], ['/settings', 'Your settings cannot be shown'], ['/no/such/room', 'No such room']] as const) {
    await page.goto(path)
    await page.getByRole('heading', { name: words }).waitFor()
  }
  await page.goto('/search')
  await page.waitForSelector('#search')
})

test('nothing of anybody is kept: no answer of the platform, no token, no picture', async () => {
  const kept = await page.evaluate(async () => {
    const shells = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    return (await Promise.all(shells.map((shell) => shell.keys()))).flat().map((request) => new URL(request.url).pathname)
  })
  expect(kept.length).toBeGreaterThan(20)
  expect(kept.filter((path) => !/^\/(assets\/[^/]+\.(js|css|woff2)|icon[^/]*|manifest\.webmanifest|)$/.test(path))).toEqual([])
})

test('the foyer comes back by itself with the network', async () => {
  await page.goto('/')
  await page.getByRole('heading', { name: 'No way to the house' }).waitFor()
  await context.setOffline(false)
  await page.waitForSelector('.row .card')
  await page.waitForFunction(() => document.querySelector('.offline p') === null)
})
