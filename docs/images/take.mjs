//! Takes the README's pictures from a running platform: the viewer's home page beside the operator's live map at the
//! moment somebody presses play (`home-and-map.png`), the console's overview, the story of that press and what is said of
//! such a request beforehand, the fault lab, a search that was mistyped, the player, a television that waits for its code,
//! the foyer and the search ten feet away, and the partners' portal.
//!
//!     node docs/images/take.mjs http://127.0.0.1:8080 'http://127.0.0.1:9090/#token=...' demo@bijou.example PASSWORD

import { createRequire } from 'node:module'

const require = createRequire(new URL('../../web/e2e/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const [viewer, operator, email, password] = process.argv.slice(2)
if (password === undefined) throw new Error('usage: take.mjs VIEWER OPERATOR_WITH_TOKEN EMAIL PASSWORD')

const SIZE = { width: 1180, height: 860 }
const executablePath = process.env.BIJOU_CHROMIUM ?? '/usr/bin/chromium'
const flags = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required']
const browser = await chromium.launch({ executablePath, args: flags })
const open = async (viewport = SIZE) => (await browser.newContext({ viewport, colorScheme: 'dark' })).newPage()
const save = (page, name) => page.screenshot({ path: new URL(`${name}.png`, import.meta.url).pathname })

const person = await open()
await person.goto(viewer)
await person.fill('[name=email]', email)
await person.fill('[name=password]', password)
await person.click('[type=submit]')
await person.waitForSelector('.row .card')
await person.waitForLoadState('networkidle')

const map = await open()
await map.goto(operator)
await map.waitForLoadState('domcontentloaded')
await map.waitForTimeout(1500)

// Somebody else presses play: the picture shows home undisturbed and the request on its way.
const home = await person.screenshot()
const token = await person.context().newPage()
await token.goto(viewer)
await token.waitForSelector('.row .card')
await token.click('.hero a, .hero button')
await token.waitForTimeout(1200)
await token.keyboard.press('Enter')
await map.waitForTimeout(700)
await map.locator('.map').evaluate((section) => scrollTo(0, section.getBoundingClientRect().top + scrollY - 70))
const live = await map.screenshot()

const frame = await browser.newPage({ viewport: { width: 2 * SIZE.width + 24, height: SIZE.height } })
const image = (bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">`
await frame.setContent(
  `<body style="margin:0;background:#0f0b12;display:flex;gap:24px">${image(home)}${image(live)}</body>`,
)
await frame.waitForTimeout(300)
await save(frame, 'home-and-map')

await person.goto(`${viewer}/search?q=lantrens`)
await person.waitForSelector('.grid .card')
await person.waitForLoadState('networkidle')
await save(person, 'search')

await person.goto(`${viewer}/watch/bo-lanterns`)
await person.waitForFunction(() => document.querySelector('video')?.currentTime > 6, undefined, { timeout: 60_000 })
await person.mouse.move(400, 400)
await person.waitForTimeout(600)
await save(person, 'player')

const tv = await open({ width: 1280, height: 720 })
await tv.goto(`${viewer}/?tv`)
await tv.waitForSelector('#user-code')
await save(tv, 'tv-door')

// The same person ten feet away: the session is kept, the screen is another.
const set = await person.context().newPage()
await set.setViewportSize({ width: 1280, height: 720 })
await set.goto(`${viewer}/?tv`)
await set.waitForSelector('.row .card')
for (let press = 0; press < 12 && !(await set.evaluate(() => document.activeElement?.matches('.row .card'))); press += 1) {
  await set.keyboard.press('ArrowDown')
  await set.waitForTimeout(200)
}
await set.keyboard.press('ArrowRight')
await set.waitForLoadState('networkidle')
await set.waitForTimeout(800)
await save(set, 'tv-home')
await set.goto(`${viewer}/search`)
await set.waitForSelector('#letter-a')
await set.keyboard.type('la')
await set.waitForSelector('.grid .card')
await set.waitForLoadState('networkidle')
await save(set, 'tv-search')
await set.goto(`${viewer}/?tv=0`)
await set.close()

await person.goto(`${viewer}/partner/portal`)
await person.fill('#app-name', 'Lantern TV')
await person.click('#app-add')
await person.waitForSelector('#fresh-key')
await person.click('#try')
await person.waitForSelector('.answer__body')
await save(person, 'portal')

// Last, when the console has seen all of the above.
await map.evaluate(() => scrollTo(0, 0))
await save(map, 'console-overview')
await map.getByRole('link', { name: 'Requests', exact: true }).click()
await map.fill('[name=path]', '/v1/playbacks')
await map.waitForFunction(() => location.hash.includes('playbacks'))
await map.locator('.requests tbody a', { hasText: /POST \/v1\/playbacks$/ }).first().click()
await map.locator('.span').first().waitFor()
await save(map, 'console-story')

await map.evaluate(() => { location.hash = '#/explain?method=POST&url=%2Fv1%2Fplaybacks&as=viewer' })
await map.getByRole('heading', { name: 'Filters' }).waitFor()
await map.waitForTimeout(300)
await save(map, 'console-explain')

// A fault that nobody but these calls feels: titles that nobody has, so that no cache answers them.
await map.evaluate(() => { location.hash = '#/faults' })
await map.getByRole('heading', { name: 'Put one in' }).waitFor()
await map.fill('.fault-form [name=percent]', '50')
await map.fill('.fault-form [name=duration_s]', '30')
await map.fill('.fault-form [name=reason]', 'Does a page survive a catalog that fails half the time?')
await map.getByRole('button', { name: 'Break it' }).click()
const running = map.locator('.table tbody tr', { hasText: 'running' })
await running.waitFor()
for (let call = 0; call < 40; call += 1) await person.request.get(`${viewer}/v1/titles/nobody-${call}`)
await map.waitForFunction(() => Number(document.querySelector('.table tbody tr td.number')?.textContent) > 0, undefined, { timeout: 30_000 })
await map.evaluate(() => scrollTo(0, 0))
await save(map, 'console-faults')
await map.getByRole('button', { name: 'Stop all' }).first().click()
await running.waitFor({ state: 'detached' })
await browser.close()
