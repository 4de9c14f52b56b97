//! A small made-up library for developing the screens: the real catalog's shapes, none of its rules.

import type { Card, Credit, Episode, Season, Title } from '@bijou/api-client/types.ts'
import { hashOf, tintOf } from './poster.ts'

const minute = 60

function artwork(id: string, playable: boolean) {
  const tint = tintOf(id)
  return {
    poster: { url: `/img/${id}/poster/w480/${hashOf(id)}.svg`, width: 480, height: 720, tint },
    backdrop: { url: `/img/${id}/backdrop/${playable ? 'w1280' : 'w960'}/${hashOf(id)}.svg`, width: 1280, height: 720, tint },
  }
}

const people = ['Ada Marlowe', 'Ines Okafor', 'Tomas Lind', 'Yuki Harada', 'Noor Rahimi', 'Pavel Zeman']

function credits(seed: number): Credit[] {
  const person = (offset: number) => {
    const at = (seed + offset) % people.length
    return { id: `person-${at}`, name: people[at] ?? 'Ada Marlowe' }
  }
  return [
    { person: person(0), role: 'director' },
    { person: person(1), role: 'writer' },
    { person: person(2), role: 'actor', character: 'The Lamplighter' },
    { person: person(3), role: 'actor', character: 'Second Voice' },
    { person: person(4), role: 'composer' },
  ]
}

type Seed = [id: string, name: string, year: number, genres: string[], runtime_s: number, short: string, tagline?: string]

const originals: Seed[] = [
  ['bo-lanterns', 'Lanterns', 2026, ['Abstract', 'Night'], 24, 'Paper lights rise over a black river and forget, one by one, who lit them.', 'Every light was somebody’s.'],
  ['bo-tidal', 'Tidal', 2026, ['Abstract', 'Nature'], 24, 'Two waves agree for a moment.'],
  ['bo-gardener', 'The Gardener', 2026, ['Abstract', 'Life'], 24, 'Cells are born, crowd, and die by four rules; somebody keeps watering.'],
  ['bo-rule-110', 'Rule 110', 2026, ['Abstract', 'Mathematics'], 24, 'A row of lamps that could, given time, compute anything.'],
  ['bo-sierpinski-street', 'Sierpinski Street', 2026, ['Mathematics', 'City'], 24, 'Every window holds the whole street.'],
  ['bo-northbound', 'Northbound', 2026, ['Night', 'Travel'], 24, 'The sleeper train, seen only by its lights.'],
  ['bo-static-bloom', 'Static Bloom', 2026, ['Abstract', 'Life'], 24, 'Noise, left alone long enough, flowers.'],
  ['bo-long-zoom', 'The Long Zoom', 2026, ['Mathematics'], 24, 'Closer, and never nearer.'],
  ['bo-penumbra', 'Penumbra', 2026, ['Night'], 24, 'An eclipse with nobody to look away.'],
  ['bo-carousel', 'Carousel', 2026, ['City', 'Life'], 24, 'The fair is over and the horses keep turning.'],
  ['bo-small-hours', 'Small Hours', 2026, ['Night', 'City'], 24, 'Four in the morning, told by a clock that has stopped counting.'],
  ['bo-encore', 'Encore', 2026, ['Abstract'], 24, 'Everything once more, faster.'],
]

const films: Seed[] = [
  ['big-buck-bunny', 'Big Buck Bunny', 2008, ['Animation', 'Comedy', 'Family'], 10 * minute, 'A gentle giant rabbit has had enough of three rodents, and plans a very elaborate payback.'],
  ['sintel', 'Sintel', 2010, ['Animation', 'Fantasy'], 15 * minute, 'A wanderer searches the world for the small dragon she once nursed.'],
  ['tears-of-steel', 'Tears of Steel', 2012, ['Science Fiction'], 12 * minute, 'Scientists in Amsterdam try to mend a broken love to save the world.'],
  ['cosmos-laundromat', 'Cosmos Laundromat', 2015, ['Animation', 'Surreal'], 12 * minute, 'A sheep at the end of his rope is offered every life there is.'],
  ['nosferatu', 'Nosferatu', 1922, ['Horror', 'Classic'], 94 * minute, 'A clerk sells a house to a count who travels with his own earth.'],
  ['the-general', 'The General', 1926, ['Comedy', 'Classic'], 75 * minute, 'A railway man has two loves, and one of them is stolen by spies: the engine.'],
  ['his-girl-friday', 'His Girl Friday', 1940, ['Comedy', 'Classic'], 92 * minute, 'An editor has one day to keep his best reporter from a quiet life.'],
  ['night-of-the-living-dead', 'Night of the Living Dead', 1968, ['Horror', 'Classic'], 96 * minute, 'A farmhouse, seven people, and everyone who ever died.'],
  ['charade', 'Charade', 1963, ['Thriller', 'Romance'], 113 * minute, 'A widow in Paris is hunted for money she has never seen, by men with too many names.'],
  ['metropolis', 'Metropolis', 1927, ['Science Fiction', 'Classic'], 149 * minute, 'Below, the machines; above, the gardens; between them, somebody who looks like a saint and is made of metal.'],
  ['a-trip-to-the-moon', 'A Trip to the Moon', 1902, ['Science Fiction', 'Classic', 'Family'], 13 * minute, 'Astronomers, a cannon, and a moon that is hit in the eye.'],
  ['the-kid', 'The Kid', 1921, ['Comedy', 'Family', 'Classic'], 68 * minute, 'A tramp finds a child, and the child finds a father.'],
  ['safety-last', 'Safety Last!', 1923, ['Comedy', 'Classic'], 73 * minute, 'A clerk, a department store, and a clock that was not built to be held on to.'],
  ['spring', 'Spring', 2019, ['Animation', 'Fantasy', 'Family'], 8 * minute, 'A shepherd girl and her dog wake the year.'],
  ['agent-327', 'Agent 327: Operation Barbershop', 2017, ['Animation', 'Comedy'], 4 * minute, 'A spy, a barber, and a chair that goes down.'],
  ['carnival-of-souls', 'Carnival of Souls', 1962, ['Horror'], 78 * minute, 'An organist survives a crash, and the pavilion by the lake will not stop calling.'],
]

function made([id, name, year, genres, runtime_s, synopsis_short, tagline]: Seed, at: number, playable: boolean): Title {
  return {
    id, kind: 'movie', name, year, runtime_s, synopsis_short, playable,
    genres: genres.map((genre) => ({ id: genre.toLowerCase().replaceAll(' ', '-'), name: genre })),
    certification_age: genres.includes('Horror') ? 16 : genres.includes('Thriller') ? 12 : 0,
    synopsis: `${synopsis_short} ${playable && runtime_s < minute ? 'A generative short, drawn and scored by arithmetic while the house lights went down.' : ''}`.trim(),
    artwork: artwork(id, playable),
    added_at: new Date(Date.UTC(2026, 10, 1 + at)).toISOString(),
    credits: runtime_s < minute ? [{ person: { id: 'person-bijou', name: 'Bijou Originals' }, role: 'director' }] : credits(at),
    moods: runtime_s < minute ? ['hypnotic', 'calm'] : genres.includes('Horror') ? ['ominous'] : ['playful', 'warm'],
    language: 'en',
    original_language: runtime_s < minute ? 'zxx' : 'en',
    ...(tagline && { tagline }),
    ...(id === 'big-buck-bunny' && { attribution: '© 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0' }),
  }
}

const show: Title = {
  ...made(['bo-short-circuits', 'Short Circuits', 2026, ['Mathematics', 'Abstract'], 0, 'Three logic gates walk into a bar. A miniature series in three switches.', 'On. Off. And.'], 12, true),
  kind: 'show',
}
delete show.runtime_s

export const titles: Title[] = [
  ...originals.map((seed, at) => made(seed, at, true)),
  show,
  ...films.map((seed, at) => made(seed, at, seed[0] === 'big-buck-bunny')),
]

export const titleOf = (id: string): Title | undefined => titles.find((each) => each.id === id)

export const seasons: Season[] = [
  { id: 'bo-short-circuits-s1', show_id: 'bo-short-circuits', number: 1, episode_count: 3 },
  { id: 'bo-short-circuits-s2', show_id: 'bo-short-circuits', number: 2, episode_count: 4 },
]

const PARTS: [season: number, name: string, synopsis: string][] = [
  [1, 'Not', 'A switch that disagrees with everybody.'],
  [1, 'Or', 'Either lamp will do.'],
  [1, 'And', 'Both of them, or nothing.'],
  [2, 'Exclusive Or', 'One or the other, and a quarrel when it is both.'],
  [2, 'Nand', 'Everything else can be made of this one, and it knows.'],
  [2, 'Half Adder', 'Two bits meet, and something is carried.'],
  [2, 'Flip-Flop', 'The first of them to remember anything.'],
]

export const episodes: Episode[] = PARTS.map(([season, name, synopsis], at) => {
  const number = season === 1 ? at + 1 : at - 2
  const id = `bo-short-circuits-s${season}e${number}`
  return {
    id, show_id: 'bo-short-circuits', season_id: `bo-short-circuits-s${season}`, number, name, synopsis,
    runtime_s: 24, aired_on: `2026-05-0${at + 1}`, playable: at < 6,
    artwork: { url: `/img/${id}/still/w1280/${hashOf(name)}.svg`, width: 1280, height: 720, tint: tintOf(id) },
  }
})

export function cardOf(id: string, code: string, text: string): Card {
  const title = titleOf(id)
  if (!title) throw new Error(`the mock library has no title ${id}`)
  const { kind, name, year, artwork: art, synopsis_short, playable, certification_age } = title
  return {
    title_id: id, kind, name, year, artwork: art, playable, certification_age, reason: { code, text }, card: `${id}.${code}`,
    ...(synopsis_short !== undefined && { synopsis_short }),
  }
}
