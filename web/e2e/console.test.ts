//! The console as an operator works with it: a failing request understood in three clicks, views that are links, keys
//! instead of a mouse, and every page accessible in both lights.
//!
//! With the mock, where something fails every few seconds and everything has rows.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch } from './browser.ts'
import { expectAccessible, screenshot } from './look.ts'
import { mocked, type Target } from './platform.ts'

let bijou: Target
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  bijou = await mocked()
  browser = await launch()
  page = await (await browser.newContext({ baseURL: bijou.operator!, viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })).newPage()
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(`/#token=${encodeURIComponent(bijou.token)}`)
  await page.locator('.live--on').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await bijou?.stop()
})

const rows = () => page.locator('.requests tbody tr')
const fragment = () => new URL(page.url()).hash
const goTo = (hash: string) => page.evaluate((hash) => { location.hash = hash }, hash)

describe('a failing request', () => {
  test('is found and understood in three clicks', async () => {
    // Counted by gateways, not what is traced: one failure in the last minute is told as one.
    const header = page.locator('.pulse-line')
    await header.locator('div', { hasText: 'Requests' }).getByText('14/s').first().waitFor()
    await header.getByRole('link', { name: '✕ 1 failed requests, show them' }).waitFor()
    await header.getByRole('img', { name: /Requests a second over the last five minutes, peak 1\d\.\d a second/ }).waitFor()
    await page.getByRole('link', { name: /failed requests, show them/ }).click()
    await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor()
    expect(fragment()).toBe('#/requests?outcome=failed')
    await rows().first().locator('a').waitFor()
    expect([...new Set((await page.locator('.requests .mark-outcome').allInnerTexts()).map((text) => text.split(' ')[0]))]).toEqual(['✕'])

    await rows().first().locator('a').click()
    await page.getByRole('heading', { name: 'POST /v1/playbacks' }).waitFor()
    await page.getByText('no instance of PLAYBACK answered').waitFor()

    await page.locator('.span', { hasText: 'attempt 1 of playback' }).locator('summary').click()
    await page.locator('.span__more', { hasText: 'connection refused' }).waitFor()
    await screenshot(page, 'console-story')
  })

  test('is left for the list it came from, still narrowed', async () => {
    await page.goBack()
    await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor()
    expect(fragment()).toBe('#/requests?outcome=failed')
    expect(await page.locator('[name=outcome]').inputValue()).toBe('failed')
  })
})

describe('a view', () => {
  test('is a link: what it is narrowed to is in the address and survives a reload', async () => {
    await goTo('#/requests')
    await page.selectOption('[name=outcome]', 'ok')
    await page.fill('[name=path]', '/v1/home')
    await page.waitForFunction(() => location.hash === '#/requests?outcome=ok&path=%2Fv1%2Fhome')
    await page.reload()
    await rows().first().locator('a').waitFor()
    expect(await page.locator('[name=path]').inputValue()).toBe('/v1/home')
    for (const text of await page.locator('.requests tbody th').allInnerTexts()) expect(text).toContain('/v1/home')
    await page.fill('[name=path]', 'no such path')
    await page.getByText('None of this kind in the memory').waitFor()
  })

  test('holds still under the pointer, so that what is clicked is what was meant', async () => {
    const older = page.waitForResponse((each) => each.url().includes('/api/requests?'))
    await goTo('#/requests')
    await older
    await rows().nth(3).hover()
    const shown = () => page.locator('.requests tbody a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    const before = await shown()
    // The mock has something new every 420 ms.
    await page.waitForFunction(() => /^Held still under the pointer: [1-9]\d* newer/.test(document.querySelector('.requests__held')?.textContent ?? ''))
    expect((await shown()).slice(0, 4)).toEqual(before.slice(0, 4))
    await page.mouse.move(5, 5)
    await page.waitForFunction((first) => document.querySelector('.requests tbody a')?.getAttribute('href') !== first, before[0])
  })

  test('of the map leads to the requests over one edge', async () => {
    await goTo('#/')
    await page.locator('.wire__mark', { hasText: '⊘ 1 open  ↻ 9' }).waitFor()
    await page.locator('.map__table summary').click()
    const edge = page.getByRole('region', { name: 'Edges of the map' }).locator('tr', { hasText: 'gateway → playback' })
    expect((await edge.locator('td').allInnerTexts()).slice(1, 5)).toEqual(['840', '17', '9', '1'])
    await page.getByRole('link', { name: 'recommendations → catalog' }).click()
    await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor()
    expect(fragment()).toBe('#/requests?from=recommendations&to=catalog')
    await rows().first().locator('a').waitFor()
    for (const text of await page.locator('.requests tbody th').allInnerTexts()) expect(text).toContain('/v1/home')
  })

  test('of the map leads there by a click on the line itself, too', async () => {
    await goTo('#/')
    await page.locator('.wire__mark', { hasText: '⊘ 1 open' }).waitFor()
    const line = page.locator('.wire__reach').filter({ has: page.locator('title', { hasText: 'gateway → identity' }) })
    await line.scrollIntoViewIfNeeded()
    // A curve's box is mostly not on the curve; others cross it. Where a hand would find it.
    const at = await line.evaluate((path: SVGPathElement) => {
      const places = Array.from({ length: 18 }, (_, step) => path.getPointAtLength(path.getTotalLength() * (0.05 + step * 0.05)).matrixTransform(path.getScreenCTM()!))
      return places.map(({ x, y }) => ({ x, y })).find(({ x, y }) => document.elementFromPoint(x, y) === path)
    })
    await page.mouse.click(at!.x, at!.y)
    await page.waitForFunction(() => location.hash === '#/requests?from=gateway&to=identity')
  })

  test('that leads nowhere is the overview', async () => {
    await goTo('#/no/such/page')
    await page.getByRole('heading', { name: 'Traffic' }).waitFor()
  })
})

describe('the overview', () => {
  test('looks back as far as is chosen, and a route leads to its own graphs', async () => {
    await goTo('#/')
    await page.getByRole('group', { name: /^Watched, a minute/ }).waitFor()
    const asked = page.waitForRequest((each) => each.url().includes('/api/overview?') && each.url().includes('role=playback'))
    await page.selectOption('[name=within]', '1h')
    await page.getByRole('region', { name: 'Table of routes' }).getByRole('link', { name: 'POST /v1/playbacks' }).click()
    expect(fragment()).toBe('#/?within=1h&role=playback&route=POST+%2Fv1%2Fplaybacks')
    const since = Date.parse(new URL((await asked).url()).searchParams.get('since') ?? '')
    expect(Math.round((Date.now() - since) / 60_000)).toBe(60)
    await page.getByText('playback: POST /v1/playbacks, counted by the roles themselves').waitFor()
    await page.getByRole('link', { name: 'Show everything' }).click()
    expect(fragment()).toBe('#/?within=1h')
  })
})

describe('log lines', () => {
  const lines = () => page.locator('.logs tbody tr')

  test('are narrowed to what was wrong and lead to the request', async () => {
    await goTo('#/logs')
    await page.selectOption('[name=level]', 'warn')
    await page.fill('[name=q]', 'playbacks 503')
    await page.waitForFunction(() => location.hash === '#/logs?level=warn&q=playbacks+503')
    await lines().first().locator('a').waitFor()
    for (const text of await page.locator('.logs tbody th').allInnerTexts()) expect(text).toContain('/v1/playbacks 503')
    await lines().first().locator('a').click()
    await page.getByRole('heading', { name: 'POST /v1/playbacks' }).waitFor()
  })

  test('are followed as they come', async () => {
    await goTo('#/logs?service=gateway')
    await lines().first().locator('a').waitFor()
    const before = await page.locator('.logs tbody a').first().getAttribute('href')
    await page.getByRole('button', { name: 'Follow' }).click()
    await page.waitForFunction((first) => document.querySelector('.logs tbody a')?.getAttribute('href') !== first, before)
    for (const text of await page.locator('.logs tbody td:nth-child(3)').allInnerTexts()) expect(text).toBe('gateway')
    await page.getByRole('button', { name: 'Stop following' }).click()
  })

  test('are counted by what they have in common, and a pattern leads to its lines', async () => {
    await goTo('#/logs?show=patterns')
    await page.getByRole('link', { name: /^POST .*playbacks … in … ms$/ }).first().click()
    await lines().first().locator('a').waitFor()
    for (const text of await page.locator('.logs tbody th').allInnerTexts()) expect(text).toContain('POST /v1/playbacks')
  })
})

describe('a metric', () => {
  test('is drawn by its labels, and an example leads to the request', async () => {
    await goTo('#/metrics')
    await page.getByRole('group', { name: /^Rate, a second/ }).waitFor()
    await page.selectOption('[name=by]', 'role')
    await page.locator('.chart__names li', { hasText: 'playback p99' }).waitFor()
    await page.selectOption('[name=name]', 'bijou_console_archive_bytes')
    await page.getByRole('group', { name: /^Value, bytes/ }).waitFor()
    await goTo('#/metrics?name=http_server_request_duration_seconds')
    const dot = page.locator('.chart__example').first()
    await dot.click()
    await page.locator('.span').first().waitFor()
    await page.goBack()
    await page.locator('.exemplars tbody a').first().click()
    await page.locator('.span').first().waitFor()
  })
})

describe('the title doctor', () => {
  test('says what is in the way of one profile, by a link that can be passed on', async () => {
    await goTo('#/doctor')
    await page.fill('[name=title]', 'night-express')
    await page.getByText('Nothing stands in the way of watching it.').waitFor()
    await page.fill('[name=profile]', 'p-child')
    await page.getByRole('status', { name: 'Verdict' }).getByText('only up to 6').waitFor()
    expect(fragment()).toBe('#/doctor?title=night-express&profile=p-child')
    await page.reload()
    const check = page.locator('.doctor__check', { hasText: 'Fit for the profile' })
    await check.getByText('in the way, says profiles').waitFor()
    await check.locator('summary').click()
    await check.getByText('"certification_age"').waitFor()
    await page.locator('.doctor__check', { hasText: 'nobody can say' }).first().waitFor()
  })
})

describe('a request', () => {
  test('is explained without being made, and again for somebody else', async () => {
    await goTo('#/explain')
    await page.selectOption('[name=method]', 'POST')
    await page.fill('[name=url]', '/v1/playbacks')
    await page.getByRole('status', { name: 'Answer' }).getByText('The gateway answers 401 token-missing').waitFor()
    await page.selectOption('[name=as]', 'viewer')
    await page.getByRole('status', { name: 'Answer' }).getByText('An instance of PLAYBACK answers').waitFor()
    expect(fragment()).toBe('#/explain?method=POST&url=%2Fv1%2Fplaybacks&as=viewer')
    await page.getByText('repeated only while nothing was sent').waitFor()
    await page.fill('[name=url]', 'v1/playbacks')
    await page.locator('.problem', { hasText: 'question-invalid' }).waitFor()
  })
})

describe('a session', () => {
  test('of one device is found and told as a time line', async () => {
    await goTo('#/sessions')
    await page.fill('[name=device]', 'living')
    await page.waitForFunction(() => document.querySelectorAll('.table tbody a').length === 1)
    await page.locator('.table tbody a').click()
    await page.getByRole('region', { name: 'Table of playbacks' }).getByText('3 ×').waitFor()
    const timeLine = page.getByRole('region', { name: 'Time line' })
    await timeLine.getByText('met 3 events').waitFor()
    const [refused, signedIn] = await timeLine.locator('tbody tr').allInnerTexts()
    expect(refused).toMatch(/✕ sign-in\s+could not sign in by password on `Living room`: the password is wrong/)
    expect(signedIn).toMatch(/sign-in\s+signed in by password on `Living room`/)
  })

  test('is found by the address a viewer complained from, which stays nowhere', async () => {
    await goTo('#/sessions')
    await page.fill('[name=email]', 'eve@example.org')
    await page.getByRole('button', { name: 'Find the account' }).click()
    await page.locator('.problem', { hasText: 'account-not-found' }).waitFor()
    await page.fill('[name=email]', 'ada@example.org')
    await page.getByRole('button', { name: 'Find the account' }).click()
    await page.waitForFunction(() => location.hash === '#/sessions?account=acc-ada')
    await page.waitForFunction(() => document.querySelectorAll('.table tbody a').length === 1)
    expect(await page.locator('[name=account]').inputValue()).toBe('acc-ada')
    expect(await page.locator('[name=email]').inputValue()).toBe('')
  })
})

describe('synthetic checks', () => {
  test('are a history, lead to the step that failed, and are run by a button', async () => {
    await goTo('#/checks')
    const history = page.getByRole('region', { name: 'Table of checks' })
    await history.getByText('no instance of PLAYBACK answered').waitFor()
    const before = await history.locator('tbody tr').count()
    await page.getByRole('button', { name: 'Check now' }).click()
    await page.waitForFunction((before) => document.querySelectorAll('.table tbody tr').length > before, before)
    expect(await history.locator('tbody tr').first().innerText()).toContain('passed')
    expect(await history.locator('tbody tr').first().getByRole('link', { name: 'sign-in' }).getAttribute('href')).toMatch(/^#\/requests\/\d{32}$/)
  })
})

describe('without a mouse', () => {
  test('a table is sorted by its header and walked by arrow keys, while its numbers change', async () => {
    await goTo('#/instances')
    const header = page.getByRole('button', { name: 'Instance' })
    await header.focus()
    await page.keyboard.press('Enter')
    await page.locator('th[aria-sort=ascending]', { hasText: 'Instance' }).waitFor()
    const names = await page.locator('.instances tbody a').allInnerTexts()
    expect(names).toEqual([...names].sort())
    await page.locator('.instances tbody a').first().focus()
    await page.keyboard.press('ArrowDown')
    const walked = await page.evaluate(() => document.activeElement?.getAttribute('href'))
    expect(walked).toBe(await page.locator('.instances tbody a').nth(1).getAttribute('href'))
    // Leases age twice meanwhile: rows are told anew and focus stays where it was put.
    const age = page.locator('.instances tbody tr').nth(1).locator('td').nth(1)
    const before = await age.innerText()
    await page.waitForFunction(([cell, before]) => (cell as HTMLElement).innerText !== before, [await age.elementHandle(), before] as const)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(walked)
  })

  test('a graph is read out by arrow keys, and is there as a table', async () => {
    await goTo('#/')
    const graph = page.getByRole('group', { name: /^Requests, a second/ })
    await graph.focus()
    await page.keyboard.press('End')
    await page.locator('.chart__said', { hasText: /^\d\d:\d\d:\d\d · all [\d.]+\/s · failed [<\d.]+\/s/ }).waitFor()
    await page.locator('.chart__table summary').first().click()
    await page.locator('.chart__table tbody tr').nth(59).waitFor()
    await page.locator('.chart__table summary').first().click()
  })

  test('what an operator did is marked on the graphs', async () => {
    await page.locator('.chart__word--mark', { hasText: 'catalog drain' }).first().waitFor()
  })

  test('what happened is a time line too, with who and why', async () => {
    const line = page.getByRole('region', { name: 'Time line' })
    for (const words of ['catalog drain', 'recommendations 0.1.0 → 0.1.1 deployed', 'gateway took a new configuration', 'playback 0.1.0 started']) await line.getByText(words).first().waitFor()
    expect(await line.locator('tr', { hasText: 'catalog drain' }).innerText()).toContain('token')
  })

  test('the page is one Tab and Enter away from the navigation', async () => {
    await page.reload()
    await page.getByRole('heading', { name: 'Traffic' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
  })
})

describe('a fault', () => {
  test('beyond the limit is refused with the reason', async () => {
    await goTo('#/faults')
    await page.getByText('Nothing was broken on purpose yet.').waitFor()
    await page.fill('[name=percent]', '80')
    await page.fill('[name=reason]', 'a drill')
    await page.getByRole('button', { name: 'Break it' }).click()
    await page.getByText('80 % of the requests there would be struck; 50 % are allowed').waitFor()
  })

  test('is put in, told on every page and marked on the graphs', async () => {
    await page.fill('[name=percent]', '20')
    await page.getByRole('button', { name: 'Break it' }).click()
    await page.getByRole('button', { name: 'Stop answer 503, everybody → catalog' }).waitFor()
    await page.selectOption('[name=kind]', 'delay')
    await page.getByRole('button', { name: 'Break it' }).click()
    await page.getByRole('button', { name: 'Stop delay 500 ms, everybody → catalog' }).waitFor()
    await goTo('#/')
    await page.locator('.banner', { hasText: 'Broken on purpose: ' }).getByText('delay 500 ms').waitFor()
    await page.locator('.chart__word--mark', { hasText: 'fault: answer 503' }).first().waitFor()
    await goTo('#/metrics')
    await page.locator('.metrics .chart__word--mark', { hasText: 'fault: answer 503' }).first().waitFor()
    await page.getByRole('link', { name: 'Look and stop' }).click()
  })

  test('is stopped, and one button stops all', async () => {
    await page.getByRole('button', { name: 'Stop delay 500 ms, everybody → catalog' }).click()
    await page.locator('.table tbody tr', { hasText: 'stopped' }).first().waitFor()
    await page.getByRole('button', { name: 'Stop all' }).click()
    await page.locator('.banner').waitFor({ state: 'detached' })
    expect(await page.locator('.table tbody button').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Stop all' }).isDisabled()).toBe(true)
  })
})

describe('the API', () => {
  const search = () => page.getByRole('searchbox', { name: 'Search' })

  test('is searched by words, and an operation is a link with everything about it', async () => {
    await goTo('#/api')
    await search().fill('profiles-full')
    await page.getByRole('link', { name: /POST.*\/v1\/profiles/ }).click()
    await page.getByRole('heading', { name: 'Create a profile' }).waitFor()
    expect(fragment()).toBe('#/api?q=profiles-full&at=profiles%2Fcreate_profile')
    await page.locator('.schema__name', { hasText: 'maturity' }).first().waitFor()
    await page.locator('.errors li', { hasText: '409' }).getByText('profiles-full').waitFor()
    expect(JSON.parse(await page.getByRole('textbox', { name: 'Body' }).inputValue())).toEqual({ name: 'Ada' })
  })

  test('is called as an account and as one of its profiles, whose token is nowhere but in memory', async () => {
    await page.locator('.caller summary').click()
    await page.getByRole('button', { name: 'An account' }).click()
    await page.getByLabel('E-mail address').fill('demo@bijou.example')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('E-mail address or password is wrong').waitFor()
    await page.getByLabel('Password').fill('popcorn-and-velvet')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.locator('.caller select').selectOption({ label: 'Nora' })
    await page.getByRole('button', { name: 'Become it' }).click()
    await page.locator('.caller summary', { hasText: 'Nora of demo@bijou.example' }).waitFor()
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]))
    expect(kept).not.toContain('access-of')
    await page.locator('.try__curl', { hasText: 'Bearer $TOKEN' }).waitFor()
    expect(await page.locator('body').innerText()).not.toContain('access-of')
  })

  test('asks before it changes something, and what came back leads to its story', async () => {
    await page.getByRole('button', { name: 'Send it…' }).click()
    await page.getByRole('dialog').getByText('as Nora of demo@bijou.example').waitFor()
    await expectAccessible(page, 'send it?')
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it' }).click()
    expect(await page.getByRole('status', { name: 'Answer' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Send it…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click()
    const answer = page.getByRole('status', { name: 'Answer' })
    await answer.locator('.answer__body', { hasText: 'access-of-profile' }).waitFor()
    await screenshot(page, 'console-api-answer')
    await expectAccessible(page, 'an answer')
    await answer.getByRole('link').click()
    await page.locator('.span').first().waitFor()
    await page.goBack()
    await page.locator('.caller summary', { hasText: 'Nora of demo@bijou.example' }).waitFor()
  })

  test('has the console’s own operations, and says which ones only services may ask', async () => {
    await goTo('#/api?at=operator%2Fverify_audit')
    await page.getByText('as the operator', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Send it', exact: true }).click()
    await page.getByRole('status', { name: 'Answer' }).locator('.answer__body', { hasText: '"whole": true' }).waitFor()
    await goTo('#/api?q=diagnosis&at=catalog%2Fget_title_diagnosis')
    await page.getByText('Only services may ask this of catalog').waitFor()
    expect(await page.locator('#try').count()).toBe(0)
  })

  test('keeps what was typed while the contracts come anew', async () => {
    await goTo('#/audit')
    await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor()
    const anew = page.waitForResponse((each) => each.url().endsWith('/api/contracts/recommendations'))
    await goTo('#/api?at=catalog%2Fget_title')
    await page.locator('.try input').first().fill('bo-lanterns')
    await anew
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    expect(await page.locator('.try input').first().inputValue()).toBe('bo-lanterns')
  })

  test('of a program that is not ours is text, whatever it says', async () => {
    await goTo('#/api?at=others%2Fhostile')
    await page.getByText('Going away.').waitFor()
    await page.getByText('It answers until 1 July 2027').waitFor()
    expect(await page.locator('.operation a, .operation img').count()).toBe(0)
    await page.locator('.caller summary').click()
    await page.getByRole('button', { name: 'Nobody' }).click()
    await page.locator('.caller summary', { hasText: 'nobody' }).waitFor()
  })
})

describe('partners', () => {
  test('that wait are let in or refused, with a reason', async () => {
    await goTo('#/partners')
    await page.getByRole('button', { name: 'Approve Lantern TV' }).click()
    await page.fill('[name=reason]', 'their contract is signed')
    await expectAccessible(page, 'approve')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByText('Lantern TV is in production.').waitFor()
    expect(await page.getByRole('region', { name: 'Waiting' }).locator('tbody tr').count()).toBe(1)
  })

  test('are found at every stage: one in production is suspended, and let go on', async () => {
    await page.locator('[name=stage]').selectOption('production')
    expect(fragment()).toBe('#/partners?stage=production')
    const inProduction = page.getByRole('region', { name: 'In production' })
    await inProduction.getByText('Lantern TV', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Approve Cinema Wall' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Suspend Cinema Wall' }).click()
    await page.fill('[name=reason]', 'It polls a thousand times a second.')
    await expectAccessible(page, 'suspend')
    await page.getByRole('button', { name: 'Suspend', exact: true }).click()
    await page.getByText('Cinema Wall is suspended.').waitFor()
    await inProduction.getByText('Cinema Wall', { exact: true }).waitFor({ state: 'detached' })

    await page.locator('[name=stage]').selectOption('suspended')
    await page.getByRole('region', { name: 'Suspended' }).getByText('“It polls a thousand times a second.”').waitFor()
    await expectAccessible(page, 'suspended apps')
    await page.getByRole('button', { name: 'Resume Cinema Wall' }).click()
    await page.fill('[name=reason]', 'It waits between calls now.')
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await page.getByText('Cinema Wall is in the sandbox again.').waitFor()
    await goTo('#/partners?stage=sandbox')
    await page.getByRole('button', { name: 'Approve Cinema Wall' }).waitFor()
    await goTo('#/partners?stage=heaven')
    await page.getByRole('region', { name: 'Waiting' }).waitFor()
  })
})

describe('a failed request', () => {
  test('shows the problem that was returned, and is one link from its explanation', async () => {
    await goTo('#/requests?outcome=failed')
    await rows().first().locator('a').click()
    await page.getByRole('region', { name: 'Problem returned' }).getByText('No instance of the service is available').waitFor()
    await page.getByRole('link', { name: 'Explain this request' }).click()
    await page.getByRole('heading', { name: 'Explain', level: 1 }).waitFor()
    expect(fragment()).toBe('#/explain?method=POST&url=%2Fv1%2Fplaybacks')
  })
})

describe('every page', () => {
  test('shows what others wrote as text', async () => {
    const places = [
      '#/audit', '#/requests?path=onerror', '#/logs?q=onerror', '#/logs?q=onerror&show=patterns', '#/sessions', '#/partners', '#/partners?stage=production', '#/api?at=others%2Fhostile',
    ]
    for (const place of places) {
      await goTo(place)
      await page.locator('main').getByText('<img src=x onerror=alert(').first().waitFor()
      expect(await page.locator('img[src=x]').count(), place).toBe(0)
    }
    await goTo('#/requests?path=onerror')
    await rows().first().locator('a').click()
    await page.getByRole('heading', { name: 'onerror' }).waitFor()
    await page.locator('.span').first().waitFor()
    expect(await page.locator('img[src=x]').count(), 'a story').toBe(0)
    await goTo('#/sessions?account=acc-eve')
    await page.locator('.table tbody a').first().click()
    await page.waitForFunction(() => location.hash.startsWith('#/sessions/'))
    await page.locator('main').getByText('onerror').first().waitFor()
    expect(await page.locator('img[src=x]').count(), 'a session').toBe(0)
  })

  test('is accessible by day and by night, on a laptop and on a wide screen', async () => {
    const story = (await page.evaluate(async () => ((await (await fetch('/api/requests?outcome=failed')).json()) as { items: { id: string }[] }).items[0]?.id))!
    const pages: [name: string, hash: string, ready: string][] = [
      ['overview', '#/', '.map .node'], ['requests', '#/requests', '.requests tbody a'], ['story', `#/requests/${story}`, '.span'],
      ['logs', '#/logs', '.logs tbody a'], ['patterns', '#/logs?show=patterns', 'tbody th a'], ['metrics', '#/metrics?by=role', '.exemplars tbody a'],
      ['forgotten', '#/requests/none', '.problem'], ['instances', '#/instances', '.instances tbody a'],
      ['sessions', '#/sessions', '.table tbody a'], ['checks', '#/checks', '.table tbody a'], ['doctor', '#/doctor?title=night-express&profile=p', '.doctor__check'],
      ['instance', '#/instances/CATALOG/foyer:catalog:0', '.facts'], ['audit', '#/audit', '.table tbody th'], ['faults', '#/faults', '.table tbody th'],
      ['explain', '#/explain?url=/v1/home&as=viewer', '.table tbody a'], ['explain-refused', '#/explain?url=/v1/playbacks', '.table tbody th'],
      ['api', '#/api', '.operations a'], ['api-operation', '#/api?at=profiles%2Fcreate_profile', '.try'], ['api-hostile', '#/api?at=others%2Fhostile', '.try'], ['partners', '#/partners', '.table tbody th'],
    ]
    for (const light of ['Night', 'Day'] as const) {
      const other = page.getByRole('button', { name: light, exact: true })
      if (await other.count() > 0) await other.click()
      for (const [name, hash, ready] of pages) {
        await goTo(hash)
        await page.locator(ready).first().waitFor()
        for (const width of [1280, 1920, 390]) {
          await page.setViewportSize({ width, height: width === 1920 ? 1080 : 800 })
          if (width !== 390) await expectAccessible(page, `${name}, ${light}, ${width}`)
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} is wider than ${width}`).toBeLessThanOrEqual(0)
          await screenshot(page, `console-${name}-${light.toLowerCase()}-${width}`)
        }
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  test('complained of nothing', () => {
    expect(complaints).toEqual([])
  })
})
