//! The launcher itself: rows of films and shows by genre, moved through with the arrow keys of a remote. A card is a deep link,
//! which this page opens itself: it signs the viewer in by a code where nobody is yet, and plays in its own `<video>`. The same
//! address opened from outside (a search by voice, a tile on another screen) does the same.

import { Bijou } from './bijou.js'
import { play } from './player.js'
import { qr } from './qr.js'

const ROWS_MAX = 8
const CARDS_MAX = 20
const ASK_AGAIN_MS = 5_000

const at = (id) => document.querySelector(`#${id}`)
const [rows, said, door, people, stage, video] = ['rows', 'said', 'door', 'people', 'stage', 'video'].map(at)
let bijou
/** Ends what is being played. */
let playing

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

/** A deep link leads into Bijou's app; its path means the same to this one. */
const own = (link) => new URL(link).pathname

function card(title) {
  const image = element('img', { src: title.artwork.backdrop_url, alt: '', loading: 'lazy' })
  // A show has no beginning of its own: it opens a row of its episodes.
  const href = title.kind === 'show' ? own(title.links.page) : own(title.links.play)
  return element('a', { className: 'card', href }, image, `${title.name} (${title.year})`)
}

const row = (name, cards) => element('section', {}, element('h2', {}, name), element('div', { className: 'row' }, ...cards))

async function asked(path) {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

async function show() {
  const titles = await asked('/titles')
  said.textContent = ''
  rows.replaceChildren(...byGenre(titles).map(([genre, all]) => row(genre, all.slice(0, CARDS_MAX).map(card))))
  rows.ariaBusy = 'false'
}

/** The episodes of a show, as the first row. */
async function unfold(show) {
  const episodes = await asked(`/episodes/${encodeURIComponent(show)}`)
  const cards = episodes.map((each) => element('a', { className: 'card', href: own(each.play) }, `${each.season}.${each.number} ${each.name}`))
  at('episodes')?.remove()
  const made = Object.assign(row('Episodes', cards), { id: 'episodes' })
  rows.prepend(made)
  cards[0]?.focus()
}

/** RFC 8628: show the code and its picture, and wait until somebody on a telephone has said yes. */
async function signIn() {
  const begun = await bijou.begin('Lantern TV')
  at('where').textContent = begun.verification_uri
  at('code').textContent = begun.user_code
  draw(begun.verification_uri_complete)
  door.showModal()
  const given = new AbortController()
  door.addEventListener('close', () => given.abort(new Error('Nobody was signed in.')), { once: true })
  try {
    await bijou.waitFor(begun, given.signal)
  } finally {
    door.close()
  }
  await sitDown()
  at('sign-in').textContent = 'Sign out'
}

/** Who of the household is watching: nobody is asked where there is one. */
async function sitDown() {
  const all = await bijou.profiles()
  const chosen = all.length > 1 ? await choice(all) : all[0]
  if (chosen) await bijou.become(chosen.id)
}

function choice(all) {
  return new Promise((done) => {
    const button = (profile) => element('button', { type: 'button', onclick: () => { people.close(); done(profile) } }, profile.name)
    at('names').replaceChildren(...all.map(button))
    people.showModal()
  })
}

function draw(address) {
  const code = qr(address)
  const picture = at('qr')
  picture.hidden = !code
  if (!code) return
  // Four light modules around it are what cameras look for.
  picture.setAttribute('viewBox', `-4 -4 ${code.length + 8} ${code.length + 8}`)
  const dark = code.flatMap((line, y) => line.flatMap((isDark, x) => isDark ? [`M${x} ${y}h1v1h-1z`] : []))
  picture.querySelector('path').setAttribute('d', dark.join(''))
}

const told = (error) => { said.textContent = error.message || 'Bijou cannot be reached.' }

/** What an address of a deep link means here. */
async function open(path) {
  playing?.abort()
  stage.hidden = true
  const [, kind, title_id, episode_id] = path.split('/').map(decodeURIComponent)
  if (kind === 'title') return unfold(title_id)
  if (kind !== 'watch' || !title_id) return undefined
  const mine = playing = new AbortController()
  const failed = (error) => { told(error); leave() }
  try {
    if (!bijou.isSignedIn) await signIn()
    if (mine.signal.aborted) return undefined
    stage.hidden = false
    said.textContent = ''
    await play(bijou, video, { title_id, episode_id }, mine.signal, failed)
    await video.play()
  } catch (error) {
    if (mine.signal.aborted) return undefined
    if (!bijou.isSignedIn) at('sign-in').textContent = 'Sign in to Bijou'
    failed(error)
  }
}

/** Back to the rows. */
function leave() {
  if (location.pathname !== '/') history.pushState(null, '', '/')
  void open('/')
}

const within = (number, length) => Math.min(Math.max(number, 0), length - 1)

/** Right and left within a row, up and down between rows, of which the button above the cards is the first. */
addEventListener('keydown', (event) => {
  if (!stage.hidden) {
    if (['Escape', 'Backspace', 'GoBack', 'BrowserBack'].includes(event.key)) leave()
    if (event.key === 'Enter') void (video.paused ? video.play() : video.pause())
    return
  }
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key]
  if (!step || door.open || people.open) return
  event.preventDefault()
  const all = [...document.querySelectorAll('.row')].map((each) => [...each.children])
  const from = all.findIndex((each) => each.includes(document.activeElement))
  // The first key only shows where one is: at the first card.
  if (from < 0) return void (all[1] ?? all[0])[0].focus()
  const to = all[within(from + step[0], all.length)]
  to[within(all[from].indexOf(document.activeElement) + step[1], to.length)].focus()
})

rows.addEventListener('click', (event) => {
  const link = event.target.closest('a')
  if (!link) return
  event.preventDefault()
  const path = new URL(link.href).pathname
  history.pushState(null, '', path)
  open(path).catch(told)
})
addEventListener('popstate', () => open(location.pathname).catch(told))

at('sign-in').addEventListener('click', async () => {
  try {
    if (!bijou.isSignedIn) return await signIn()
    await bijou.leave()
    at('sign-in').textContent = 'Sign in to Bijou'
  } catch (error) {
    told(error)
  }
})

/** A platform that has just started may have nothing to tell yet: what failed is asked for again. */
function load() {
  show().catch((error) => {
    told(error)
    setTimeout(load, ASK_AGAIN_MS)
  })
}

async function begin() {
  const { address, client } = await asked('/config')
  bijou = new Bijou(address, client)
  if (bijou.isSignedIn) at('sign-in').textContent = 'Sign out'
  load()
  await open(location.pathname)
}
begin().catch(told)
