//! Takes `home-and-map.png` for the README from a running platform: the viewer's home page beside the operator's live
//! map, at the moment somebody presses play.
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
const open = async () => (await browser.newContext({ viewport: SIZE, colorScheme: 'dark' })).newPage()

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
const live = await map.screenshot()

const frame = await browser.newPage({ viewport: { width: 2 * SIZE.width + 24, height: SIZE.height } })
const image = (bytes) => `<img src="data:image/png;base64,${bytes.toString('base64')}">`
await frame.setContent(
  `<body style="margin:0;background:#0f0b12;display:flex;gap:24px">${image(home)}${image(live)}</body>`,
)
await frame.waitForTimeout(300)
await frame.screenshot({ path: new URL('home-and-map.png', import.meta.url).pathname })
await browser.close()
