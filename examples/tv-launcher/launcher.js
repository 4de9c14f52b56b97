//! The launcher itself: rows of films and shows by genre, moved through with the arrow keys of a remote; a card is a deep
//! link into Bijou's player. Signing in is the device grant: the television shows a code, the viewer enters it elsewhere.

const ROWS_MAX = 8
const CARDS_MAX = 20
const ASK_AGAIN_MS = 5_000

const rows = document.querySelector('#rows')
const said = document.querySelector('#said')

/** The genres with the most titles first; a title is in the row of each of its genres. */
function byGenre(titles) {
  const genres = new Map()
  for (const title of titles.filter((each) => each.playable)) {
    for (const genre of title.genres) genres.set(genre, [...(genres.get(genre) ?? []), title])
  }
  return [...genres].sort(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b)).slice(0, ROWS_MAX)
}

/** Text goes in as text: names are other people's words. */
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function card(title) {
  const image = element('img', { src: title.artwork.backdrop_url, alt: '', loading: 'lazy' })
  // A show has no beginning of its own: its page does.
  const href = title.kind === 'show' ? title.links.page : title.links.play
  return element('a', { className: 'card', href }, image, `${title.name} (${title.year})`)
}

async function show() {
  const answer = await fetch('/titles')
  if (!answer.ok) throw new Error(await answer.text())
  said.textContent = ''
  rows.replaceChildren(...byGenre(await answer.json()).map(([genre, titles]) =>
    element('section', {}, element('h2', {}, genre), element('div', { className: 'row' }, ...titles.slice(0, CARDS_MAX).map(card)))))
  rows.ariaBusy = 'false'
}

const within = (number, length) => Math.min(Math.max(number, 0), length - 1)

/** Right and left within a row, up and down between rows, of which the button above the cards is the first. */
addEventListener('keydown', (event) => {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key]
  if (!step) return
  event.preventDefault()
  const all = [...document.querySelectorAll('.row')].map((row) => [...row.children])
  const row = all.findIndex((each) => each.includes(document.activeElement))
  // The first key only shows where one is: at the first card.
  if (row < 0) return void (all[1] ?? all[0])[0].focus()
  const to = all[within(row + step[0], all.length)]
  to[within(all[row].indexOf(document.activeElement) + step[1], to.length)].focus()
})

async function post(path, fields) {
  const answer = await fetch(path, { method: 'POST', body: new URLSearchParams(fields) })
  return { ok: answer.ok, body: await answer.json() }
}

/** RFC 8628: show the code, then ask every `interval` seconds, five seconds slower whenever told to slow down. */
async function signIn() {
  const begun = await post('/oauth/device_authorization', { device_name: 'Lantern TV' })
  if (!begun.ok) return void (said.textContent = begun.body.error_description)
  const code = element('code', { id: 'code' }, begun.body.user_code)
  said.replaceChildren('Go to ', element('b', {}, begun.body.verification_uri), ' and enter ', code)
  const until = Date.now() + begun.body.expires_in * 1000
  let interval = begun.body.interval
  while (Date.now() < until) {
    await new Promise((done) => setTimeout(done, interval * 1000))
    const asked = await post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.body.device_code,
    })
    // A television's system keeps these in its own store; this page forgets them when it is closed.
    if (asked.ok) return void (said.textContent = 'This television is signed in.')
    if (asked.body.error === 'slow_down') interval += 5
    else if (asked.body.error !== 'authorization_pending') return void (said.textContent = asked.body.error_description)
  }
  said.textContent = 'The code has expired: begin again.'
}

document.querySelector('#sign-in').addEventListener('click', () => {
  signIn().catch(() => { said.textContent = 'Bijou cannot be reached.' })
})
/** A platform that has just started may have nothing to tell yet: what failed is asked for again. */
function load() {
  show().catch((error) => {
    said.textContent = error.message
    setTimeout(load, ASK_AGAIN_MS)
  })
}
load()
