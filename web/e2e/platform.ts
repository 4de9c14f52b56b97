//! What the tests look at: a running platform by its addresses, or the built apps with the mock behind them.

import { preview } from 'vite'
import { OPERATOR_TOKEN } from '../packages/mock-api/src/operator.ts'

export interface Target { viewer: string; operator: string | undefined; token: string; real: boolean; stop: () => Promise<void> }

async function serve(app: 'web' | 'console'): Promise<{ url: string; stop: () => Promise<void> }> {
  const root = new URL(`../apps/${app}/`, import.meta.url).pathname
  const server = await preview({ root, configFile: `${root}vite.config.ts`, preview: { host: '127.0.0.1', port: 0 }, logLevel: 'error' })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error(`the ${app} app is not being served: run \`npm run build\` first`)
  return { url: url.replace(/\/$/, ''), stop: () => server.close() }
}

/** Always the mock, for what a healthy platform never does. */
export async function mocked(): Promise<Target> {
  const [viewer, operator] = [await serve('web'), await serve('console')]
  return {
    viewer: viewer.url, operator: operator.url, token: OPERATOR_TOKEN, real: false,
    stop: async () => void await Promise.all([viewer.stop(), operator.stop()]),
  }
}

export async function target(): Promise<Target> {
  const viewer = process.env['BIJOU_BASE_URL']
  if (!viewer) return mocked()
  return {
    viewer: viewer.replace(/\/$/, ''), operator: process.env['BIJOU_OPERATOR_URL']?.replace(/\/$/, ''),
    token: process.env['BIJOU_OPERATOR_TOKEN'] ?? '', real: true, stop: async () => undefined,
  }
}
