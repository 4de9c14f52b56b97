//! Vite plugin: names the two font files in the page's head, so that they load beside the script and not after it.

import type { Plugin } from 'vite'

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
