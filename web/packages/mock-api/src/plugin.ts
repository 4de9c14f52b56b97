//! The mock as a Vite plugin, for `vite` and for `vite preview`.
//! With BIJOU_GATEWAY (or BIJOU_CONSOLE) set the apps talk to a running platform by Vite's proxy instead.

import type { Plugin } from 'vite'
import { refuse, type Handler } from './http.ts'

/** As strict as a server of the built apps may be; the end-to-end tests fail on anything it refuses. */
const POLICY = "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

export function mockApi(handlers: Handler[]): Plugin {
  const middleware = (request: Parameters<Handler>[0], response: Parameters<Handler>[1], next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://mock')
    void (async () => {
      for (const handler of handlers) if (await handler(request, response, url)) return
      next()
    })().catch(() => refuse(response, 400, 'malformed', 'The mock could not read this request'))
  }
  return {
    name: 'bijou-mock-api',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => {
      server.middlewares.use((_, response, next) => {
        response.setHeader('content-security-policy', POLICY)
        next()
      })
      server.middlewares.use(middleware)
    },
  }
}
