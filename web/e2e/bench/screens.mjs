//! What a slow machine makes of the screens: Chromium with its processor slowed down, one line of JSON a visit.
//!
//!     node web/e2e/bench/screens.mjs VIEWER EMAIL PASSWORD SLOWDOWN ROUNDS
//!
//! Largest Contentful Paint as the browser reports it, from the start of the navigation; input delay and the whole
//! interaction (to the next frame) by Event Timing, over thirty keys on the home page and one press on a card. An arrow that
//! is held is told by the frames between its steps: `held_frame_ms` is the longest, `held_steps` how far it came in
//! `held_frames`; more steps than frames would be steps nobody sees. A first visit has an empty cache; the next one has what
//! the first one left.

import { chromium } from 'playwright-core'

const [viewer, email, password, slowdown, rounds] = process.argv.slice(2)
if (rounds === undefined) throw new Error('usage: screens.mjs VIEWER EMAIL PASSWORD SLOWDOWN ROUNDS')

const executablePath = process.env.BIJOU_CHROMIUM ?? '/usr/bin/chromium'
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath, args })

const observe = () => {
  globalThis.bench = { lcp_ms: 0, events: [] }
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.bench.lcp_ms = entry.startTime)))
    .observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => list.getEntries().filter((entry) => entry.interactionId).forEach((entry) =>
    globalThis.bench.events.push({ delay_ms: entry.processingStart - entry.startTime, whole_ms: entry.duration })))
    .observe({ type: 'event', buffered: true, durationThreshold: 16 })
}

/** The largest paint stands once nothing has been painted larger for a second. */
async function settled(page) {
  let last = -1
  for (;;) {
    await page.waitForTimeout(1_000)
    const now = await page.evaluate(() => globalThis.bench.lcp_ms)
    if (now > 0 && now === last) return now
    last = now
  }
}

async function visit(page, path, there) {
  await page.goto(`${viewer}${path}`)
  await page.waitForSelector(there)
  return settled(page)
}

const HELD_KEYS = 60

/** Holds the right arrow in the longest row as a keyboard does, thirty times a second, and counts frames and steps. */
async function hold(page) {
  await page.evaluate(() => {
    const rails = [...document.querySelectorAll('.row__rail')].sort((a, b) => b.children.length - a.children.length)
    rails[0].querySelector('.card').focus()
    const held = (globalThis.held = { frames: 0, longest_ms: 0, steps: 0, last: performance.now(), on: true })
    addEventListener('focusin', () => (held.steps += 1))
    const frame = (now) => {
      held.longest_ms = Math.max(held.longest_ms, now - held.last)
      held.last = now
      held.frames += 1
      if (held.on) requestAnimationFrame(frame)
    }
    requestAnimationFrame((now) => {
      held.last = now
      requestAnimationFrame(frame)
    })
  })
  // Playwright marks the second and every later press of a key that is down as a repeat.
  for (let key = 0; key < HELD_KEYS; key += 1) {
    await page.keyboard.down('ArrowRight')
    await page.waitForTimeout(33)
  }
  await page.keyboard.up('ArrowRight')
  return page.evaluate(() => {
    globalThis.held.on = false
    return { held_frames: globalThis.held.frames, held_steps: globalThis.held.steps, held_frame_ms: Math.round(globalThis.held.longest_ms) }
  })
}

/** The slowest of the page's events; those of less than a frame are not told by the browser and count as none. */
const slowest = (events, member) => Math.max(0, ...events.map((event) => event[member]))

for (let round = 1; round <= Number(rounds); round += 1) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(observe)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(viewer)
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.click('[type=submit]')
  await page.waitForSelector('.row .card')
  const protocol = await context.newCDPSession(page)
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: Number(slowdown) })
  for (const cache of ['first', 'again']) {
    if (cache === 'first') await protocol.send('Network.clearBrowserCache')
    const home_ms = await visit(page, '/', '.row .card')
    for (let key = 0; key < 30; key += 1) {
      await page.keyboard.press(['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowLeft'][key % 5])
      await page.waitForTimeout(60)
    }
    const held = await hold(page)
    await page.locator('.row .card').first().click()
    await page.waitForSelector('.sheet__name')
    await page.waitForTimeout(500)
    const events = await page.evaluate(() => globalThis.bench.events)
    const title_ms = await visit(page, '/title/bo-lanterns', '.sheet__name')
    console.log(JSON.stringify({
      round, cache, home_ms, title_ms, delay_ms: slowest(events, 'delay_ms'), whole_ms: slowest(events, 'whole_ms'), told: events.length, ...held,
    }))
  }
  await context.close()
}
await browser.close()
