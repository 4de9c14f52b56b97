//! What a browser had to fetch until something was on the screen: measured on the wire, by kind.

import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'

export interface Fetched { scriptAndStyle: { wire: number; gzip: number }; fonts: { wire: number } }

/** Listens from now; the result counts what had been loaded by the time it is asked for. */
export async function measure(page: Page): Promise<() => Promise<Fetched>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  // What the service worker keeps costs a returning visitor nothing; the budget is a newcomer's.
  await session.send('Network.setBypassServiceWorker', { bypass: true })
  const kinds = new Map<string, string>()
  const loaded: { id: string; kind: string; wire: number }[] = []
  session.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type))
  session.on('Network.loadingFinished', (event) =>
    loaded.push({ id: event.requestId, kind: kinds.get(event.requestId) ?? '', wire: event.encodedDataLength }))
  return async () => {
    const code = loaded.filter((each) => each.kind === 'Script' || each.kind === 'Stylesheet')
    let gzip = 0
    for (const each of code) {
      const { body, base64Encoded } = await session.send('Network.getResponseBody', { requestId: each.id })
      gzip += gzipSync(Buffer.from(body, base64Encoded ? 'base64' : 'utf8')).length
    }
    const wireOf = (kind: (of: string) => boolean) => loaded.filter((each) => kind(each.kind)).reduce((sum, each) => sum + each.wire, 0)
    return {
      scriptAndStyle: { wire: wireOf((kind) => kind === 'Script' || kind === 'Stylesheet'), gzip },
      fonts: { wire: wireOf((kind) => kind === 'Font') },
    }
  }
}
