//! The viewer app. By itself it talks to the mock; with BIJOU_GATEWAY=http://… to a running platform.

import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { mockApi } from '../../packages/mock-api/src/plugin.ts'
import { viewer } from '../../packages/mock-api/src/viewer.ts'
import { compressed, preloadFonts } from '../../packages/ui/src/build.ts'
import { shell } from './shell/build.ts'

const gateway = process.env['BIJOU_GATEWAY']
const proxied = ['/v1', '/oauth', '/img', '/m/', '/s/', '/.well-known', '/partner/v1', '/partner/oauth', '/openapi.json']
const proxy = gateway ? { proxy: Object.fromEntries(proxied.map((path) => [path, gateway])) } : {}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), preloadFonts(), shell(), compressed(), ...(gateway ? [] : [mockApi([viewer])])],
  build: {
    target: 'es2022',
    // No inline script may be needed: the gateway's content security policy allows none.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // hls.js is larger by itself; it is loaded when the first film is started.
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, ...proxy },
  preview: { port: 4173, ...proxy },
})
