//! How the tests look at a page: accessibility, screenshots, and whether a film is really seen and heard.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Zero violations, each named with the element that has it. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // What is half way through a transition has a colour nobody reads.
  await page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== 'running' || each.effect?.getComputedTiming().iterations === Infinity))
  // Evaluated by the debugger, so that no content security policy has to be weakened for it.
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }
    const found = await axe.run(document, { runOnly: { type: 'tag', values: rules } })
    return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join(' | ')}`)
  }, RULES)
  expect(violations, `axe on ${screen}`).toEqual([])
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['BIJOU_E2E_SCREENS'] ?? join(import.meta.dirname, '.screens')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

export interface Seen { frames: number; pictures: number; audioBytes: number; loudness: number; moved_s: number }

/**
 * Watches the film for a while: decoded frames, how many different pictures they were, decoded bytes of sound,
 * and how loud the sound is that leaves the element. The clock alone proves nothing: it runs without a picture, too.
 */
export function watchFilm(page: Page, for_ms: number): Promise<Seen> {
  return page.evaluate(async (for_ms) => {
    const video = document.querySelector('video') as HTMLVideoElement & { webkitAudioDecodedByteCount: number; captureStream(): MediaStream }
    const canvas = new OffscreenCanvas(48, 27)
    const pen = canvas.getContext('2d', { willReadFrequently: true })!
    const pictures = new Set<string>()
    const before = { frames: video.getVideoPlaybackQuality().totalVideoFrames, audio: video.webkitAudioDecodedByteCount, at: video.currentTime }

    const audio = new AudioContext()
    const analyser = audio.createAnalyser()
    const sound = new MediaStream(video.captureStream().getAudioTracks())
    if (sound.getAudioTracks().length > 0) audio.createMediaStreamSource(sound).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let loudness = 0
    const listening = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      loudness = Math.max(loudness, Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length))
    }, 50)

    let looking = true
    const look = () => {
      if (!looking) return
      pen.drawImage(video, 0, 0, 48, 27)
      pictures.add(pen.getImageData(0, 0, 48, 27).data.join(''))
      video.requestVideoFrameCallback(look)
    }
    video.requestVideoFrameCallback(look)
    await new Promise((done) => setTimeout(done, for_ms))
    looking = false
    clearInterval(listening)
    await audio.close()
    return {
      frames: video.getVideoPlaybackQuality().totalVideoFrames - before.frames,
      pictures: pictures.size,
      audioBytes: video.webkitAudioDecodedByteCount - before.audio,
      loudness,
      moved_s: video.currentTime - before.at,
    }
  }, for_ms)
}

/** A film that goes on from its middle has a position before it plays: what counts is what was played. */
export async function untilPlaying(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const played = document.querySelector('video')?.played
    return played && Array.from({ length: played.length }, (_, at) => played.end(at) - played.start(at)).reduce((sum, each) => sum + each, 0) > 0.3
  }, undefined, { timeout: 40_000 })
}
