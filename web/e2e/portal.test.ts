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
    await page.fill('#app-name', 'Lantern TV')
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

  test.runIf(process.env['BIJOU_OPERATOR_URL'])('is let into production by an operator, with a reason', async () => {
    const console_ = await (await browser.newContext({ baseURL: bijou.operator! })).newPage()
    await console_.goto(`/#token=${encodeURIComponent(bijou.token)}`)
    await console_.locator('.live--on').waitFor()
    await console_.getByRole('link', { name: 'Partners', exact: true }).click()
    await console_.getByRole('button', { name: 'Approve Lantern TV' }).first().click()
    await console_.fill('[name=reason]', 'seen by a test')
    await console_.getByRole('button', { name: 'Approve', exact: true }).click()
    await console_.getByText('Lantern TV is in production.').waitFor()
    await expectAccessible(console_, 'partners')
    await page.reload()
    await page.getByRole('button', { name: 'Make a production key' }).waitFor()
  })
})
