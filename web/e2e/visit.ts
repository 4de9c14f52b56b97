//! Ways through the app that several stories take: signing up and in, sitting down as somebody, watching for a moment.

import type { Page } from 'playwright-core'
import { untilPlaying } from './look.ts'

export const PASSWORD = 'velvet-seats-and-popcorn'

export const address = (name: string): string => `${name.toLowerCase()}-${Date.now()}-${Math.floor(Math.random() * 1e6)}@bijou.example`

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value)
  await page.click('[type=submit]')
}

/** A new member with one profile; `picks` films are named as liked on the way in. */
export async function signUp(page: Page, name: string, email: string, picks = 0): Promise<void> {
  await page.goto('/sign-up')
  await fillIn(page, { name, email, password: PASSWORD })
  await settle(page, picks)
}

/** Past the three films, when they are asked for: home. */
export async function settle(page: Page, picks = 0): Promise<void> {
  await page.waitForSelector('.picks__card[id], .row .card')
  if (await page.locator('.picks').count() > 0) {
    for (let at = 0; at < picks; at += 1) await page.locator('.picks__card[id]').nth(at).click()
    await page.click(picks > 0 ? '#picks-keep' : '#picks-skip')
  }
  await page.waitForSelector('.row .card')
}

/** Signs in, and sits down as somebody if the household has more than one. */
export async function signIn(page: Page, email: string, password: string, who?: string): Promise<void> {
  await page.goto('/')
  await fillIn(page, { email, password })
  await page.waitForSelector('.person, .row .card')
  if (who !== undefined && await page.locator('.person').count() > 0) await choose(page, who)
  await page.waitForSelector('.row .card')
}

export async function choose(page: Page, who: string): Promise<void> {
  await page.locator('.watching__people button', { hasText: who }).click()
}

/** Another one of the household, from wherever the page is. */
export async function switchTo(page: Page, who: string): Promise<void> {
  await page.goto('/profiles')
  await page.waitForSelector('.person')
  await choose(page, who)
  await page.waitForSelector('.row .card')
}

export async function addProfile(page: Page, name: string, kids = false): Promise<void> {
  await page.goto('/profiles')
  await page.click('#person-new')
  await page.fill('#profile-name', name)
  if (kids) await page.check('#profile-kids')
  await page.click('#profile-keep')
  await settle(page)
}

/** Watches until `until_s` and leaves by Escape. */
export async function watchUntil(page: Page, path: string, until_s: number): Promise<void> {
  await page.goto(path)
  await untilPlaying(page)
  await page.waitForFunction((until) => document.querySelector('video')!.currentTime > until, until_s, { timeout: 40_000 })
  await page.keyboard.press('Escape')
  await page.waitForSelector('.sheet__name, .row .card')
}

/** The API as the page itself asks it: with its own token. */
export async function asked<T>(page: Page, path: string): Promise<T> {
  const [request] = await Promise.all([page.waitForRequest((each) => each.url().includes('/v1/home') && each.headers()['authorization'] !== undefined), page.goto('/')])
  const authorization = request.headers()['authorization'] ?? ''
  const answer = await fetch(new URL(path, page.url()), { headers: { authorization } })
  return (await answer.json()) as T
}

export interface Film { id: string; name: string }

/** A film that can be played; those of a new platform take a moment to be made. */
export async function aFilm(page: Page): Promise<Film> {
  for (let tries = 0; tries < 60; tries += 1) {
    const [film] = (await asked<{ items: Film[] }>(page, '/v1/titles?playable=true&kind=movie&limit=20')).items
    if (film) return film
    await page.waitForTimeout(2_000)
  }
  throw new Error('there is no film that can be played, after two minutes')
}
