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

  test('exchanges its key, which goes on working for a day, and ends the old one at once', async () => {
    const answers = async (key: string) => (await fetch(`${bijou.viewer}/partner/v1/titles?limit=1`, { headers: { 'x-api-key': key } })).status
    const shown = async () => (await page.locator('#fresh-key').innerText()).trim()
    const old = await shown()
    await page.getByRole('button', { name: /^Exchange bjs_/ }).click()
    await page.getByText('… goes on working for a day.').waitFor()
    const fresh = await shown()
    expect(fresh).toMatch(/^bjs_[0-9A-Za-z]{38}$/)
    expect(fresh).not.toBe(old)
    expect([await answers(old), await answers(fresh)]).toEqual([200, 200])

    const ends = page.getByRole('button', { name: /^Revoke bjs_/ })
    await expect.poll(() => ends.count()).toBe(2)
    const hints = (await ends.all()).map(async (button) => (await button.getAttribute('aria-label'))?.replace('Revoke ', '') ?? '')
    const hint = (await Promise.all(hints)).find((hint) => old.startsWith(hint))!
    await page.getByRole('button', { name: `Revoke ${hint}`, exact: true }).click()
    await page.getByText(`${hint}… works no more.`).waitFor()
    expect([await answers(old), await answers(fresh)]).toEqual([401, 200])
    await expectAccessible(page, 'portal, keys')
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

  test('sees how much its app asked, by day', async () => {
    await expect.poll(async () => {
      await page.reload()
      return page.getByRole('list', { name: 'Calls by day' }).innerText()
    }, { timeout: 30_000, interval: 1_500 }).toMatch(/[1-9]\d* answered/)
  })

  test('adds a webhook, which leads outward only, tries it, and has it replayed', async () => {
    const add = async (url: string) => {
      await page.fill('#hook-url', url)
      await page.getByRole('button', { name: 'Add', exact: true }).click()
    }
    await add('https://127.0.0.1/inward')
    await page.locator('.refused', { hasText: 'leads into a private network' }).waitFor()
    await add('https://hooks.lantern.invalid/bijou')
    await page.locator('.app__fresh code', { hasText: /^whsec_/ }).waitFor()
    const hook = page.locator('.hooks li', { hasText: 'https://hooks.lantern.invalid/bijou' })
    await hook.getByRole('button', { name: 'Test', exact: true }).click()
    // The name leads nowhere: it is tried, fails in words, and waits for its next try.
    const ping = page.locator('tr', { hasText: /^ping/ })
    const cells = async () => ping.first().locator('td').allInnerTexts()
    await expect.poll(cells, { timeout: 30_000 }).toEqual(['ping', 'waiting', expect.stringMatching(/^[1-9]$/), expect.stringMatching(/[a-z]{3}/), 'Replay'])
    await expectAccessible(page, 'portal, webhooks')
    const replayed = page.waitForResponse((answer) => /\/deliveries\/[^/]+\/replay$/.test(answer.url()))
    await page.getByRole('button', { name: 'Replay ping' }).click()
    expect((await replayed).status()).toBe(202)
    await expect.poll(cells, { timeout: 30_000 }).toEqual(['ping', 'waiting', expect.stringMatching(/^[1-9]$/), expect.stringMatching(/[a-z]{3}/), 'Replay'])
    expect(await ping.count(), 'the same delivery again').toBe(1)
    await hook.getByRole('button', { name: 'What was sent' }).click()
    await hook.getByRole('button', { name: 'Remove' }).click()
    await hook.waitFor({ state: 'detached' })
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

  test.runIf(process.env['BIJOU_OPERATOR_URL'])('is stopped in production by an operator, reads why, and begins again', async () => {
    const decided = async (stage: string, decision: string, reason: string, said: string) => {
      await console_.locator('[name=stage]').selectOption(stage)
      await console_.getByRole('button', { name: `${decision} ${name}` }).first().click()
      await console_.fill('[name=reason]', reason)
      await console_.getByRole('button', { name: decision, exact: true }).click()
      await console_.getByText(said).waitFor()
    }
    await decided('production', 'Suspend', 'It polls a thousand times a second.', `${name} is suspended.`)
    await page.reload()
    await page.getByText('An operator stopped this app: “It polls a thousand times a second.”').waitFor()
    await decided('suspended', 'Resume', 'It waits between calls now.', `${name} is in the sandbox again.`)
    await page.reload()
    await page.locator('#ask-production').waitFor()
    // What it was before is recorded although it did not wait for anybody.
    await console_.getByRole('link', { name: 'Audit', exact: true }).click()
    const entry = console_.locator('tr', { hasText: 'It polls a thousand times a second.' }).first()
    await entry.getByText('production').first().waitFor()
  })
})
