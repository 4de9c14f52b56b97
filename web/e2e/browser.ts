//! Chromium for the end-to-end tests: Debian's, or the one BIJOU_CHROMIUM names, always with an empty profile.

import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
]

export function chromiumPath(): string {
  const path = process.env['BIJOU_CHROMIUM'] ?? '/usr/bin/chromium'
  if (!existsSync(path)) throw new Error(`no Chromium at ${path}: run \`apt-get install -y chromium\` or set BIJOU_CHROMIUM`)
  return path
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath(), args: FLAGS })

export type Screen = 'phone' | 'laptop' | 'wide'

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  laptop: { viewport: { width: 1280, height: 800 } },
  wide: { viewport: { width: 1920, height: 1080 } },
} as const

/** A visitor nobody has seen before. */
export async function visitor(browser: Browser, baseURL: string, screen: Screen = 'laptop'): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL, ...SIZES[screen] })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { context, page }
}
