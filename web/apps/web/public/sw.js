// The shell of the app without a network: its page and its code, and nothing of anybody's.
//
// Code has its hash in its name: what was fetched once is good for ever. The page itself is asked for each time, and the
// last one stands in when nobody answers. Everything the platform says about people, films and pictures goes past here.

const SHELL = 'bijou-shell-1'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.add('/')))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)))))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(code(request))
})

async function page(request) {
  const shell = await caches.open(SHELL)
  try {
    const answer = await fetch(request)
    // Every address of the app is the same page; answers of a broken gateway are not kept.
    if (answer.ok && answer.headers.get('content-type')?.startsWith('text/html')) await shell.put('/', answer.clone())
    return answer
  } catch (error) {
    const kept = await shell.match('/')
    if (kept) return kept
    throw error
  }
}

async function code(request) {
  const shell = await caches.open(SHELL)
  const kept = await shell.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) {
    await shell.put(request, answer.clone())
    await forget(shell)
  }
  return answer
}

/** Code of versions that are gone: the oldest goes first. */
const FILES_MAX = 80
async function forget(shell) {
  const files = (await shell.keys()).filter(({ url }) => new URL(url).pathname !== '/')
  await Promise.all(files.slice(0, Math.max(0, files.length - FILES_MAX)).map((file) => shell.delete(file)))
}
