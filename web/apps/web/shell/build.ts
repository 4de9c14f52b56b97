//! Writes `sw.js` into the build: with the names of the files it is to keep, and a version that is theirs together.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Public files a kept app is drawn with. */
const PUBLIC = ['/icon.svg', '/icon-192.png', '/icon-512.png', '/icon-maskable-512.png', '/manifest.webmanifest']

/** Plays films, which there are none of without a network, and is larger than everything else together. */
const LEFT_OUT = /^assets\/hls-/

const KEPT = /^assets\/.+\.(js|css|woff2)$/

export function filesOf(built: readonly string[]): string[] {
  return [...built.filter((name) => KEPT.test(name) && !LEFT_OUT.test(name)).map((name) => `/${name}`).sort(), ...PUBLIC]
}

/** `page`: without a hash in its name, so that its words count. */
export function shellOf(source: string, files: readonly string[], page: string): string {
  const version = createHash('sha256').update(JSON.stringify(files)).update(page).update(source).digest('hex').slice(0, 16)
  return source.replace('{{version}}', version).replace('{{files}}', JSON.stringify(files))
}

export function shell(): Plugin {
  return {
    name: 'bijou-shell',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html']
        const source = readFileSync(new URL('sw.js', import.meta.url), 'utf8')
        const words = page?.type === 'asset' ? String(page.source) : ''
        if (words === '') this.error('the shell is written before the page is')
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: shellOf(source, filesOf(Object.keys(bundle)), words) })
      },
    },
  }
}
