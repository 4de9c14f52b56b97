//! The operator's page. By itself it talks to the mock; with BIJOU_CONSOLE=http://… to a running platform.

import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { operator } from '../../packages/mock-api/src/operator.ts'
import { mockApi } from '../../packages/mock-api/src/plugin.ts'
import { compressed, preloadFonts } from '../../packages/ui/src/build.ts'

const target = process.env['BIJOU_CONSOLE']
const proxy = target ? { proxy: { '/api': target } } : {}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), preloadFonts(), compressed(), ...(target ? [] : [mockApi([operator])])],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { port: 5174, ...proxy },
  preview: { port: 4174, ...proxy },
})
