//! The registry's own page, on two registries that are peers: what it lists, that it is live, what an operator does there,
//! and that whatever an instance calls itself stays text.
//!
//! The registries are run by `cargo xtask test --only registry`; there is no mock of them.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, visitor } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'

const here = process.env['BIJOU_REGISTRY_URL']
const peer = process.env['BIJOU_REGISTRY_PEER_URL']

/** Markup that would leave a trace if it were ever taken for some. */
const MARKUP = '<script>window.ran = true</script><img src="x" onerror="window.ran = true">'

async function register(registry: string, app: string, id: string, more: object = {}): Promise<void> {
  const instance = {
    instanceId: id, hostName: 'n7', app, ipAddr: '10.4.0.7', status: 'UP', port: { $: 8080, '@enabled': 'true' },
    vipAddress: app.toLowerCase(), dataCenterInfo: { name: 'MyOwn' }, leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 600 },
    metadata: { zone: 'a' }, ...more,
  }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${registry}/eureka/apps/${app}`, { method: 'POST', headers, body: JSON.stringify({ instance }) })
  expect(answer.status).toBe(204)
}

async function statusAt(registry: string, app: string, id: string): Promise<string> {
  const answer = await fetch(`${registry}/eureka/apps/${app}/${encodeURIComponent(id)}`, { headers: { accept: 'application/json' } })
  return ((await answer.json()) as { instance: { status: string } }).instance.status
}

describe.runIf(here !== undefined && peer !== undefined)("the registry's page", () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  const row = (id: string) => page.locator('#rows tr', { has: page.getByRole('button', { name: id, exact: true }) })

  beforeAll(async () => {
    await register(here!, 'ORDERS', 'n1:orders')
    await register(here!, 'ORDERS', 'n2:orders', { metadata: { zone: 'b' } })
    await register(here!, 'BASKET', 'n1:basket')
    browser = await launch()
    page = (await visitor(browser, here!)).page
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
    await page.goto('/')
  })
  afterAll(async () => browser?.close())

  test('lists applications, instances, zones, and finds them', async () => {
    await page.getByText('Live', { exact: true }).waitFor()
    await row('n1:orders').waitFor()
    expect(await row('n1:orders').innerText()).toMatch(/UP[\s\S]*10\.4\.0\.7:8080[\s\S]*a/)
    // Its own entry, and its peer's.
    await page.locator('#rows tr.app', { hasText: 'ORDERS2 instances' }).waitFor()
    await page.locator('#zones li', { hasText: 'b1 of 1 instance up' }).waitFor()
    await expectAccessible(page, 'registry')
    await screenshot(page, 'registry')
    await page.fill('#query', 'basket')
    await row('n1:orders').waitFor({ state: 'detached' })
    expect(await row('n1:basket').count()).toBe(1)
    await page.fill('#query', 'nobody by this name')
    await page.getByText('Nothing matches this search.').waitFor()
    await page.fill('#query', '')
  })

  test('shows its peer, and how far behind it is', async () => {
    const line = page.locator('#peers li', { hasText: peer! })
    await line.filter({ hasText: 'up' }).waitFor()
    expect(await line.innerText()).toMatch(/0 waiting, \d+ ms behind; \d+ sent, \d+ repaired, 0 dropped/)
  })

  test('is live: what happens at a peer is there, and goes again', async () => {
    await register(peer!, 'LATER', 'n3:later')
    await row('n3:later').waitFor()
    await page.locator('#changes li', { hasText: 'n3:later' }).filter({ hasText: 'registered' }).first().waitFor()
    await fetch(`${peer!}/eureka/apps/LATER/n3%3Alater`, { method: 'DELETE' })
    await row('n3:later').waitFor({ state: 'detached' })
    await page.locator('#changes li', { hasText: 'n3:later' }).filter({ hasText: 'ended' }).first().waitFor()
  })

  test('says whom self-preservation keeps, why and since when, and when it is over', async () => {
    const ids = Array.from({ length: 12 }, (_, number) => `n${number}:silent`)
    const notice = page.locator('#preserving')
    expect(await notice.isVisible()).toBe(false)
    for (const id of ids) await register(here!, 'SILENT', id, { leaseInfo: { renewalIntervalInSecs: 1, durationInSecs: 2 } })
    // One or two may go before there are too many at once.
    await notice.filter({ hasText: /SILENT: expected \d+ renewals a minute, got \d+, keeping 1[0-2] silent instances of 1[0-2] since \d\d:\d\d UTC/ }).waitFor()
    await row(ids.at(-1)!).waitFor()
    await screenshot(page, 'registry-preserving')
    for (const id of ids) await fetch(`${here!}/eureka/apps/SILENT/${encodeURIComponent(id)}`, { method: 'DELETE' })
    await notice.waitFor({ state: 'hidden' })
    await row(ids.at(-1)!).waitFor({ state: 'detached' })
  })

  test('overrides a status for a reason, which both registries keep and the audit tells', async () => {
    await page.getByRole('button', { name: 'n1:orders', exact: true }).click()
    await page.getByRole('button', { name: 'Set override' }).click()
    // Nothing without a reason.
    expect(await page.locator('#override-reason:invalid').count()).toBe(1)
    expect(await statusAt(here!, 'ORDERS', 'n1:orders')).toBe('UP')
    await page.fill('#override-reason', 'seen by a test')
    await page.getByRole('button', { name: 'Set override' }).click()
    await page.getByText('Overridden to OUT_OF_SERVICE: seen by a test').waitFor()
    await expectAccessible(page, 'an instance of the registry')
    await screenshot(page, 'registry-instance')
    expect(await statusAt(here!, 'ORDERS', 'n1:orders')).toBe('OUT_OF_SERVICE')
    await expect.poll(() => statusAt(peer!, 'ORDERS', 'n1:orders'), { timeout: 20_000 }).toBe('OUT_OF_SERVICE')
    await page.getByRole('button', { name: 'Close' }).click()
    await row('n1:orders').getByText('by an operator').waitFor()
    await page.locator('#audit li', { hasText: 'n1:orders' }).filter({ hasText: 'seen by a test' }).waitFor()

    await page.getByRole('button', { name: 'n1:orders', exact: true }).click()
    await page.fill('#override-reason', 'over')
    await page.getByRole('button', { name: 'Remove override' }).click()
    await page.getByText('Not overridden').waitFor()
    expect(await statusAt(here!, 'ORDERS', 'n1:orders')).toBe('UP')
    await page.getByRole('button', { name: 'Close' }).click()
  })

  test('takes whatever an instance says as text', async () => {
    await register(here!, 'ODD', `n4${MARKUP}`, {
      hostName: MARKUP, metadata: { zone: MARKUP, note: MARKUP, [MARKUP]: 'a name' }, statusPageUrl: 'javascript:window.ran = true', homePageUrl: 'http://n7/',
    })
    await page.getByRole('button', { name: `n4${MARKUP}`, exact: true }).click()
    await page.locator('#detail-metadata dd', { hasText: MARKUP }).first().waitFor()
    expect(await page.locator('#detail-metadata dt', { hasText: MARKUP }).count()).toBe(1)
    await page.locator('#detail-facts dd', { hasText: 'javascript:window.ran' }).waitFor()
    expect(await page.locator('#detail-facts a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))).toEqual(['http://n7/'])
    await page.getByRole('button', { name: 'Close' }).click()
    await page.locator('#zones li', { hasText: MARKUP }).waitFor()
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    expect(await page.locator('main img, dialog img, body script').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
