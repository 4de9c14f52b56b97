//! What both apps add to their build: fonts that load beside the script, and files compressed once instead of at every request.

import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Names the two font files in the page's head. */
export function preloadFonts(): Plugin {
  return {
    name: 'bijou-preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) =>
        Object.keys(bundle ?? {}).filter((file) => file.endsWith('.woff2')).map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${file}` },
          injectTo: 'head' as const,
        })),
    },
  }
}

const TEXT = /\.(js|css|html|svg)$/

/** Writes `.br` and `.gz` beside every text file; fonts are compressed already. */
export function compressed(): Plugin {
  return {
    name: 'bijou-compressed',
    apply: 'build',
    writeBundle({ dir = 'dist' }, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!TEXT.test(name)) continue
        const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source)
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params: quality }))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
