//! The API explorer on a running platform: contracts as the instances give them, a real token, a call that changes something.
//! What it looks like in every light is in `console.test.ts`, with the mock.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'

const at = process.env['BIJOU_OPERATOR_URL']
const token = process.env['BIJOU_OPERATOR_TOKEN']
const password = process.env['BIJOU_DEMO_PASSWORD']
const DEMO = process.env['BIJOU_E2E_OPERATOR'] ?? 'demo@bijou.example'
const ROLES = ['catalog', 'console', 'identity', 'operator', 'partners', 'playback', 'profiles', 'recommendations']

describe.runIf(at !== undefined && token !== undefined && password !== undefined)('the API of a running platform', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  const goTo = (hash: string) => page.evaluate((hash) => { location.hash = hash }, hash)
  const answer = () => page.getByRole('status', { name: 'Answer' })

  beforeAll(async () => {
    browser = await launch()
    page = await (await browser.newContext({ baseURL: at!, viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })).newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`/#token=${encodeURIComponent(token!)}`)
    await page.locator('.live--on').waitFor()
  })
  afterAll(async () => browser?.close())

  test('has every contract by its owner’s own word', async () => {
    await goTo('#/api')
    await page.locator('.operations__group').first().waitFor()
    const names = await page.locator('.operations__name').allInnerTexts()
    expect(names).toEqual(expect.arrayContaining(ROLES))
    expect(await page.locator('.explorer__missing').count()).toBe(0)
  })

  test('refuses nobody what is open, and asks nobody for a token who has none', async () => {
    await goTo('#/api?at=catalog%2Flist_titles')
    await page.getByLabel('limit').fill('1')
    await page.getByRole('button', { name: 'Send it', exact: true }).click()
    await answer().getByText('200', { exact: true }).waitFor()
    await answer().locator('.answer__body', { hasText: '"items"' }).waitFor()
    await goTo('#/api?at=profiles%2Flist_profiles')
    await page.getByRole('button', { name: 'Send it', exact: true }).click()
    await answer().locator('.answer__body', { hasText: 'token-missing' }).waitFor()
  })

  test('is called as a profile of a real account, and what was changed is told as a story', async () => {
    await page.locator('.caller summary').click()
    await page.getByRole('button', { name: 'An account' }).click()
    await page.locator('.caller [name=email]').fill(DEMO)
    await page.locator('.caller [name=password]').fill(password!)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.locator('.caller select').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Become it' }).click()
    await page.locator('.caller summary', { hasText: ` of ${DEMO}` }).waitFor()
    await goTo('#/api?at=profiles%2Flist_thumbs')
    await page.getByRole('button', { name: 'Send it', exact: true }).click()
    await answer().getByText('200', { exact: true }).waitFor()

    await goTo('#/api?at=profiles%2Fput_thumb')
    await page.getByLabel('title_id').fill('bo-lanterns')
    await page.getByRole('button', { name: 'Send it…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click()
    await answer().locator('.answer__status', { hasText: /20\d/ }).waitFor()
    await screenshot(page, 'explorer')
    await expectAccessible(page, 'an answer of a running platform')
    await answer().getByRole('link').click()
    await page.getByRole('heading', { name: 'PUT /v1/me/thumbs/bo-lanterns' }).waitFor()
    await page.locator('.span', { hasText: 'profiles' }).first().waitFor()
  })

  test('is recorded where it may have changed something', async () => {
    await goTo('#/audit?action=call.send')
    await page.locator('.table tbody tr', { hasText: 'PUT /v1/me/thumbs/bo-lanterns' }).first().waitFor()
    await page.locator('.table tbody tr', { hasText: 'POST /v1/sessions' }).first().waitFor()
    expect(await page.locator('body').innerText()).not.toContain(password!)
  })

  test('tells a refusal with its problem, and leads to its explanation', async () => {
    await goTo('#/api?at=catalog%2Fget_title')
    await page.locator('.try').getByLabel('id').fill('no-such-title')
    await page.getByRole('button', { name: 'Send it', exact: true }).click()
    await answer().locator('.answer__body', { hasText: 'title-not-found' }).waitFor()
    await answer().getByRole('link').click()
    await page.getByRole('region', { name: 'Problem returned' }).getByText('title-not-found').waitFor()
    await screenshot(page, 'explorer-story')
    await page.getByRole('link', { name: 'Explain this request' }).click()
    await page.getByRole('status', { name: 'Answer' }).getByText('An instance of CATALOG answers').waitFor()
    expect(complaints).toEqual([])
  })
})
