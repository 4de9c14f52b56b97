import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { filesOf, shellOf } from './build.ts'

const BUILT = ['index.html', 'assets/index-1.js', 'assets/index-1.css', 'assets/TitlePage-2.js', 'assets/hls-3.js', 'assets/inter-4.woff2', 'assets/index-1.js.br']
const source = readFileSync(new URL('sw.js', import.meta.url), 'utf8')

test('every screen and font is kept, the player’s library is not', () => {
  expect(filesOf(BUILT).filter((name) => name.startsWith('/assets')))
    .toEqual(['/assets/TitlePage-2.js', '/assets/index-1.css', '/assets/index-1.js', '/assets/inter-4.woff2'])
})

test('another page or another file is another version', () => {
  const versions = [shellOf(source, ['/a'], 'page'), shellOf(source, ['/b'], 'page'), shellOf(source, ['/a'], 'other')]
    .map((written) => /VERSION = '([0-9a-f]{16})'/.exec(written)?.[1])
  expect(new Set(versions).size).toBe(3)
  expect(versions).not.toContain(undefined)
})

/** A browser as far as a service worker sees one: caches, fetches, and what was asked of it. */
function worker(kept: Record<string, string[]> = {}) {
  const stores = new Map(Object.entries(kept).map(([name, urls]) => [name, new Set(urls)]))
  const heard = new Map<string, (event: object) => void>()
  const asked: string[] = []
  const urlOf = (request: string | { url: string }) => (typeof request === 'string' ? request : request.url)
  let online = true
  const open = async (name: string) => {
    const store = stores.get(name) ?? stores.set(name, new Set()).get(name)!
    return {
      addAll: async (requests: (string | { url: string })[]) => requests.forEach((each) => store.add(urlOf(each))),
      match: async (url: string) => (store.has(url.replace('https://bijou.example', '')) ? `kept ${url}` : undefined),
    }
  }
  let claimed = false
  runInNewContext(shellOf(source, filesOf(BUILT), 'page'), {
    URL, JSON, Promise, location: { origin: 'https://bijou.example' },
    Request: class { constructor(readonly url: string, readonly how: object) {} },
    caches: { open, keys: async () => [...stores.keys()], delete: async (name: string) => stores.delete(name) },
    self: { addEventListener: (name: string, hear: (event: object) => void) => heard.set(name, hear), clients: { claim: async () => (claimed = true) } },
    fetch: async (request: { url: string }) => {
      asked.push(request.url)
      if (!online) throw new TypeError('no network')
      return `fetched ${request.url}`
    },
  })
  const wait = async (name: string) => {
    let whole: Promise<unknown> | undefined
    heard.get(name)?.({ waitUntil: (until: Promise<unknown>) => (whole = until) })
    await whole
  }
  const answer = async (path: string, more: object = {}) => {
    let answered: Promise<unknown> | undefined
    heard.get('fetch')?.({ request: { method: 'GET', mode: 'cors', url: `https://bijou.example${path}`, ...more }, respondWith: (with_: Promise<unknown>) => (answered = with_) })
    return answered
  }
  return { stores, asked, wait, answer, isClaimed: () => claimed, cut: () => (online = false) }
}

test('the first visit keeps the page and every file, and the old versions go once the new one runs', async () => {
  const { stores, wait, isClaimed } = worker({ 'bijou-shell-1': ['/'], 'somebody-elses': ['/x'] })
  await wait('install')
  expect(stores.has('bijou-shell-1')).toBe(true)
  await wait('activate')
  expect(isClaimed()).toBe(true)
  const [others, shell] = [[...stores.keys()].filter((name) => !name.startsWith('bijou')), [...stores.keys()].filter((name) => name.startsWith('bijou'))]
  expect(others).toEqual(['somebody-elses'])
  expect(shell).toHaveLength(1)
  expect([...stores.get(shell[0]!)!]).toEqual(['/', ...filesOf(BUILT)])
})

test('nothing the platform says is answered or kept, and no token passes', async () => {
  const { stores, wait, answer } = worker()
  await wait('install')
  const before = [...stores.values()].map((store) => store.size)
  for (const path of ['/v1/home', '/oauth/token', '/img/a/poster', '/m/film/token/0.m4s', '/s/key', '/assets/hls-3.js']) expect(await answer(path)).toBeUndefined()
  expect(await answer('/v1/home', { method: 'POST' })).toBeUndefined()
  expect(await answer('/assets/index-1.js', { url: 'https://elsewhere.example/assets/index-1.js' })).toBeUndefined()
  expect([...stores.values()].map((store) => store.size)).toEqual(before)
})

test('without a network any address is the kept page, and its code is there', async () => {
  const { wait, answer, cut, asked } = worker()
  await wait('install')
  expect(await answer('/title/x', { mode: 'navigate' })).toBe('fetched https://bijou.example/title/x')
  cut()
  expect(await answer('/title/x', { mode: 'navigate' })).toBe('kept /')
  asked.length = 0
  expect(await answer('/assets/TitlePage-2.js')).toBe('kept https://bijou.example/assets/TitlePage-2.js')
  expect(asked).toEqual([])
})
