//! The console of a running platform, in a browser: what is broken on purpose fails for real, is found and understood in three
//! clicks and mended by one button; and a check tries what a viewer would.
//!
//! On a real platform only, whose `console.checks` names an account that is made here; the mock has its own half in
//! `console.test.ts`.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'

const gateway = process.env['BIJOU_BASE_URL']
const at = process.env['BIJOU_OPERATOR_URL']
const token = process.env['BIJOU_OPERATOR_TOKEN']
const checks = { email: process.env['BIJOU_E2E_CHECKS_EMAIL'], password: process.env['BIJOU_E2E_CHECKS_PASSWORD'] }

/** As JSON to the gateway, for things no page is about. */
async function ask(path: string, body?: object, bearer?: string): Promise<Response> {
  return fetch(`${gateway}${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
  })
}

describe.runIf(gateway !== undefined && at !== undefined && token !== undefined && checks.email !== undefined)('the console of a running platform', () => {
  let browser: Browser
  let page: Page
  let viewer: string
  const complaints: string[] = []
  const goTo = (hash: string) => page.evaluate((hash) => { location.hash = hash }, hash)
  /** What is asked of the catalog through the gateway, and answered by it; a title nobody has, so that no cache knows it. */
  const askCatalog = (number: number) => ask(`/v1/titles/nobody-${Date.now()}-${number}`, undefined, viewer)

  beforeAll(async () => {
    const made = await ask('/v1/accounts', checks)
    expect([201, 409]).toContain(made.status)
    const session = await ask('/v1/sessions', checks)
    expect(session.status).toBe(201)
    viewer = ((await session.json()) as { access_token: string }).access_token
    browser = await launch()
    page = await (await browser.newContext({ baseURL: at!, viewport: { width: 1280, height: 800 } })).newPage()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`/#token=${encodeURIComponent(token!)}`)
    await page.locator('.live--on').waitFor()
  })
  afterAll(async () => {
    // Whatever became of the tests: nothing stays broken.
    await fetch(`${at}/api/faults`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
    await browser?.close()
  })

  test('checks that a viewer can sign in, search and play ten seconds, by a button', async () => {
    await goTo('#/checks')
    await page.getByRole('button', { name: 'Check now' }).click()
    const history = page.getByRole('region', { name: 'Table of checks' })
    const first = history.locator('tbody tr').first()
    await first.getByText('passed').waitFor()
    for (const step of ['sign-in', 'search', 'play']) await first.getByText(step).first().waitFor()
    await screenshot(page, 'house-check')
    await first.getByRole('link', { name: 'sign-in' }).click()
    await page.locator('.span').first().waitFor()
    await page.getByText('POST /v1/sessions').first().waitFor()
  })

  test('breaks the catalog for a share of its requests', async () => {
    await goTo('#/faults')
    await page.selectOption('[name=from]', 'gateway')
    await page.selectOption('[name=to]', 'catalog')
    await page.fill('[name=percent]', '50')
    await page.fill('[name=duration_s]', '600')
    await page.fill('[name=reason]', 'seen by a test')
    await page.getByRole('button', { name: 'Break it' }).click()
    await page.getByRole('button', { name: 'Stop answer 503, gateway → catalog' }).waitFor()
    await page.locator('.banner', { hasText: 'Broken on purpose: ' }).waitFor()
  })

  test('which fails for real', async () => {
    // Half of them do; the gateway is told of the fault within a second, and asks for its key of the console first.
    await expect.poll(async () => (await askCatalog(0)).status, { timeout: 60_000, interval: 50 }).toBe(503)
  })

  test('and is seen on the map, on the edge it was put on', async () => {
    await goTo('#/')
    await page.locator('.map__table summary').click()
    const edge = page.getByRole('region', { name: 'Edges of the map' }).locator('tr', { hasText: 'gateway → catalog' })
    // By what the gateway counts, which it is asked for every ten seconds: rate, calls, failed.
    await expect.poll(async () => {
      await askCatalog(1)
      const [, calls = '0', failed = '0'] = await edge.locator('td').allInnerTexts()
      return Number(failed) > 0 && Number(calls) > Number(failed) ? 'some failed' : { calls, failed }
    }, { timeout: 60_000, interval: 250 }).toBe('some failed')
    await page.locator('.node', { hasText: 'catalog' }).locator('.node__failed').waitFor()
    await screenshot(page, 'house-broken-map')
  })

  test('and is found and understood in three clicks', async () => {
    await goTo('#/')
    await page.getByRole('link', { name: /failed requests, show them/ }).click()
    await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor()
    const row = page.locator('.requests tbody a').first()
    await row.waitFor()
    await row.click()
    await page.getByRole('region', { name: 'Problem returned' }).getByText('fault-injected').waitFor()
    await page.locator('.span').first().locator('summary').click()
    await page.locator('.span__more', { hasText: 'bijou.fault' }).first().waitFor()
    await expectAccessible(page, 'the story of a request that was broken on purpose')
    await screenshot(page, 'house-broken-story')
  })

  test('is marked on the graphs of what every role counts, and stands in the time line', async () => {
    await goTo('#/?within=1h')
    await page.locator('.chart__word--mark', { hasText: 'fault: answer 503, gateway' }).first().waitFor()
    const line = page.getByRole('region', { name: 'Time line' })
    expect(await line.locator('tr', { hasText: 'fault: answer 503' }).first().innerText()).toContain('seen by a test')
    await line.getByText(/^. catalog .* started$/).first().waitFor()
    // One failure is told as one, in the hour's table too: instances are asked every ten seconds, the page every half minute.
    await page.getByRole('region', { name: 'Table of services' }).locator('tr', { hasText: 'gateway' }).locator('.mark-outcome--failed').waitFor()
    await page.locator('.map__table summary').click()
    await page.getByRole('region', { name: 'Edges of the map' }).getByRole('link', { name: 'gateway → catalog' }).waitFor()
    await expectAccessible(page, 'overview of a running platform')
    await screenshot(page, 'house-overview')
  })

  test('is mended by its button, and two at once by the one that stops all', async () => {
    await goTo('#/faults')
    await page.getByRole('button', { name: 'Stop answer 503, gateway → catalog' }).click()
    await page.locator('.table tbody tr', { hasText: 'stopped' }).first().waitFor()
    for (const to of ['catalog', 'identity']) {
      await page.selectOption('[name=from]', 'gateway')
      await page.selectOption('[name=to]', to)
      await page.fill('[name=percent]', '20')
      await page.fill('[name=reason]', 'seen by a test')
      await page.getByRole('button', { name: 'Break it' }).click()
      await page.getByRole('button', { name: `Stop answer 503, gateway → ${to}` }).waitFor()
    }
    await page.getByRole('button', { name: 'Stop all' }).click()
    await page.locator('.banner').waitFor({ state: 'detached' })
    // Told to all before the answer; what is asked from now on is answered by the catalog itself.
    for (let number = 0; number < 20; number += 1) expect((await askCatalog(number)).status).toBe(404)
    expect(complaints).toEqual([])
  })
})
