// The shell of the app without a network: its page and all of its screens, and nothing of anybody's.
//
// The build writes the names of its files, and a word for all of them together, into the first lines (`build.ts` beside
// this). They are fetched whole when a version is first met, so that a screen nobody has visited opens, too. A new
// version waits until the last page of the old one is closed: an open page finds its own screens to the end.
//
// Only the files named here are ever kept. What the platform says, about people, films and pictures, goes past.

const VERSION = '{{version}}'
const FILES = JSON.parse('{{files}}')

const SHELL = `bijou-shell-${VERSION}`

self.addEventListener('install', (event) => {
  // The page has no hash in its name: past the browser's cache, so that it is the one these files belong to.
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll([new Request('/', { cache: 'reload' }), ...FILES])))
})

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys()
    await Promise.all(names.filter((name) => name.startsWith('bijou-shell-') && name !== SHELL).map((name) => caches.delete(name)))
    // The first visit is kept as well: its page was there before this was.
    await self.clients.claim()
  })())
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (FILES.includes(url.pathname)) event.respondWith(file(request))
})

/** Every address of the app is the same page. Asked for each time; the kept one stands in when nobody answers. */
async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(SHELL)).match('/', { ignoreVary: true })
    if (kept) return kept
    throw error
  }
}

async function file(request) {
  const kept = await (await caches.open(SHELL)).match(request.url, { ignoreVary: true })
  return kept ?? fetch(request)
}
