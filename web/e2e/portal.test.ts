//! A partner: from nothing to the first call, in the portal. Only on a running platform: the mock has no partners.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'
import { target, type Target } from './platform.ts'
import { address, signUp } from './visit.ts'

let bijou: Target
let browser: Browser
let page: Page
let console_: Page
/** Told apart from apps of other tests and of earlier runs. */
const name = `Lantern ${Date.now() % 1e6}`

beforeAll(async () => {
  bijou = await target()
  browser = await launch()
  ;({ page } = await visitor(browser, bijou.viewer))
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

describe.runIf(process.env['BIJOU_BASE_URL'])('a partner', () => {
  test('has a key and a first answer within a minute', async () => {
    await page.goto('/')
    await signUp(page, 'Pat', address('partner'))
    await page.goto('/partner/portal')
    await page.fill('#app-name', name)
    await page.click('#app-add')
    const key = (await page.locator('#fresh-key').innerText()).trim()
    expect(key).toMatch(/^bjs_[0-9A-Za-z]{38}$/)
    await expectAccessible(page, 'portal')
    await page.click('#try')
    await page.getByRole('status', { name: 'Answer' }).getByText('200', { exact: true }).waitFor()
    await page.locator('.answer__body', { hasText: '"links"' }).waitFor()
    await screenshot(page, 'portal')
  })

  test('sees the feed as Google does, and asks for production', async () => {
    await page.getByRole('button', { name: 'As Google sees it' }).click()
    await page.click('#try')
    await page.locator('.answer__body', { hasText: 'WatchAction' }).waitFor()
    await page.click('#ask-production')
    await page.getByText('An operator will look at it').waitFor()
  })

  test('sees the feed as Apple, Amazon and Roku do', async () => {
    const seen: [view: string, word: string][] = [
      ['As Apple sees it', 'umcCatalog'], ['As Apple sees it: availability', 'umcAvailability'],
      ['As Amazon sees it', 'SubscriptionOffer'], ['As Roku sees it', 'playOptions'], ['As aggregators see it', 'media:player'],
    ]
    for (const [view, word] of seen) {
      await page.getByRole('button', { name: view, exact: true }).click()
      await page.click('#try')
      await page.getByRole('status', { name: 'Answer' }).getByText('200', { exact: true }).waitFor()
      await page.locator('.answer__body', { hasText: word }).waitFor()
    }
  })

  test('sees what is going away and that its own app still calls it', async () => {
    await page.getByRole('button', { name: 'Feeds', exact: true }).click()
    await page.click('#try')
    await page.locator('.answer__body', { hasText: '"left_out_count"' }).waitFor()
    await page.locator('.answer', { hasText: 'sunset' }).waitFor()
    await expect.poll(async () => {
      await page.reload()
      return page.locator('#going-away').innerText()
    }, { timeout: 30_000, interval: 1_500 }).toMatch(/GET \/partner\/v1\/feeds[^]*1 Jan 2026[^]*1 Jan 2099[^]*1 times/)
    await expectAccessible(page, 'portal, going away')
  })

  test('finds any operation of the contract, and is asked before one that changes something is sent', async () => {
    await page.getByLabel('Search').fill('create key')
    await page.getByRole('button', { name: /POST.*\/keys/ }).first().click()
    await page.getByText('as you, the developer').waitFor()
    await page.locator('.try__curl', { hasText: '$TOKEN' }).waitFor()
    await page.getByLabel('app_id').fill(await page.locator('.app code').first().innerText())
    await page.getByRole('button', { name: 'Send it…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click()
    await page.getByRole('status', { name: 'Answer' }).getByText('201', { exact: true }).waitFor()
    await expectAccessible(page, 'portal, an operation')
    await page.locator('.reference').scrollIntoViewIfNeeded()
    await screenshot(page, 'portal-operation')
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `wider than ${width}`).toBeLessThanOrEqual(0)
      await screenshot(page, `portal-operation-${width}`)
    }
  })

  test.runIf(process.env['BIJOU_OPERATOR_URL'])('reads why an operator refused, and asks again', async () => {
    console_ = await (await browser.newContext({ baseURL: bijou.operator! })).newPage()
    await console_.goto(`/#token=${encodeURIComponent(bijou.token)}`)
    await console_.locator('.live--on').waitFor()
    await console_.getByRole('link', { name: 'Partners', exact: true }).click()
    await console_.getByRole('button', { name: `Refuse ${name}` }).first().click()
    await console_.fill('[name=reason]', 'The deep links lead to a page that is not there.')
    await console_.getByRole('button', { name: 'Refuse', exact: true }).click()
    await console_.getByText(`${name} stays in the sandbox.`).waitFor()
    await page.reload()
    await page.getByText('An operator refused production: “The deep links lead to a page that is not there.”').waitFor()
    await expectAccessible(page, 'portal, refused')
    await page.click('#ask-production')
    await page.getByText('An operator will look at it').waitFor()
  })

  test.runIf(process.env['BIJOU_OPERATOR_URL'])('is among the apps that an operator sees calling what is going away', async () => {
    await console_.locator('section[aria-label="Going away"]', { hasText: '/partner/v1/feeds' }).getByText(name).waitFor()
    await expectAccessible(console_, 'partners, going away')
  })

  test.runIf(process.env['BIJOU_OPERATOR_URL'])('is let into production by an operator, with a reason', async () => {
    await console_.reload()
    await console_.getByRole('button', { name: `Approve ${name}` }).first().click()
    await console_.fill('[name=reason]', 'seen by a test')
    await console_.getByRole('button', { name: 'Approve', exact: true }).click()
    await console_.getByText(`${name} is in production.`).waitFor()
    await expectAccessible(console_, 'partners')
    await page.reload()
    await page.getByRole('button', { name: 'Make a production key' }).waitFor()
  })
})
