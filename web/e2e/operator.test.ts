//! An operator with an account: signs in, looks at an instance, takes it out and back, and finds it in the audit.
//!
//! On a real platform whose `identity.operators` lists the demo account; the mock has no instances to change.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'

const at = process.env['BIJOU_OPERATOR_URL']
const password = process.env['BIJOU_DEMO_PASSWORD']
const listed = process.env['BIJOU_E2E_OPERATOR']

describe.runIf(at !== undefined && password !== undefined && listed !== undefined)('an operator with an account', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launch()
    page = await (await browser.newContext({ baseURL: at!, viewport: { width: 1280, height: 800 } })).newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
  })
  afterAll(async () => browser?.close())

  test('is told that a password is wrong, and comes in with the right one', async () => {
    await page.goto('/')
    await page.fill('#email', listed!)
    await page.fill('#password', 'not the password')
    await page.click('button[type=submit]')
    await page.getByText('E-mail address or password is wrong.').waitFor()
    await page.fill('#password', password!)
    await page.click('button[type=submit]')
    await page.getByText(listed!).waitFor()
  })

  test('takes an instance out, with a reason, and puts it back', async () => {
    await page.locator('.instances tbody a', { hasText: 'recommendations' }).first().click()
    await page.getByRole('heading', { name: 'Configuration in force' }).waitFor()
    await expectAccessible(page, 'instance')
    await screenshot(page, 'operator-instance')
    await page.getByRole('button', { name: 'Take out…' }).click()
    await page.fill('[name=reason]', 'seen by a test')
    await expectAccessible(page, 'take out')
    await page.getByRole('button', { name: 'Take out', exact: true }).click()
    await page.getByRole('button', { name: 'Put back' }).click()
    await page.getByRole('button', { name: 'Take out…' }).waitFor()
  })

  test('finds both in the audit, whose chain is whole', async () => {
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByText('the chain is whole').waitFor()
    const rows = page.locator('.table tbody tr')
    await rows.filter({ hasText: 'instance.undrain' }).first().waitFor()
    expect(await rows.filter({ hasText: 'seen by a test' }).first().innerText()).toContain(listed!)
    await expectAccessible(page, 'audit')
    await screenshot(page, 'operator-audit')
    await page.getByRole('button', { name: /^(Day|Night)$/ }).click()
    await expectAccessible(page, 'audit, the other light')
    expect(complaints).toEqual([])
  })
})
