//! Placeholder posters: a few shapes and inks drawn as SVG from the title's id.
//! The catalog prints the real ones; these only have their proportions and their warmth.

const inks: [paper: string, one: string, two: string, three: string][] = [
  ['#22304f', '#f0b45a', '#d9644a', '#f4e6cd'],
  ['#4a1f33', '#f2a65a', '#e6788f', '#f7e3c8'],
  ['#123c3a', '#e9c46a', '#e07a5f', '#f3ead3'],
  ['#3a2a1e', '#e0a458', '#8fb8a8', '#f2e4cf'],
  ['#2b2350', '#ffb648', '#7f9fe0', '#f5e9da'],
  ['#51302a', '#f0c987', '#b0413e', '#f6ead7'],
]

export function hashOf(text: string): string {
  let hash = 2166136261
  for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

const numberOf = (id: string) => Number.parseInt(hashOf(id), 16)

const inksOf = (id: string) => inks[(numberOf(id) >>> 11) % inks.length] ?? inks[0]!

export const tintOf = (id: string): string => inksOf(id)[0]

export function poster(id: string, name: string, role: string): string {
  const [paper, one, two, three] = inksOf(id)
  const seed = numberOf(id)
  const wide = role !== 'poster'
  const [width, height] = wide ? [1280, 720] : [480, 720]
  const middle = wide ? width * 0.68 : width / 2
  const circle = `<circle cx="${middle}" cy="300" r="${150 + (seed % 90)}" fill="${one}"/>`
  const rings = Array.from({ length: 7 }, (_, at) =>
    `<circle cx="${middle}" cy="300" r="${40 + at * 42}" fill="none" stroke="${at % 2 ? one : two}" stroke-width="${16 - at}"/>`).join('')
  const bars = Array.from({ length: 9 }, (_, at) =>
    `<rect x="${middle - 220 + at * 50}" y="${120 + ((seed >> at) % 200)}" width="34" height="${180 + ((seed >> (at + 3)) % 160)}" fill="${at % 3 ? one : two}"/>`).join('')
  const hills = [0, 1, 2].map((at) =>
    `<path d="M0 ${430 + at * 60} Q ${width / 3} ${330 + at * 80 + (seed % 60)} ${width / 1.6} ${440 + at * 50} T ${width} ${400 + at * 60} V 720 H 0 Z" fill="${[two, one, paper][at]}" opacity=".92"/>`).join('')
  const shape = [circle + hills, rings, bars, circle + bars][(seed >>> 7) % 4] ?? circle
  const label = wide ? '' : `<text x="40" y="640" font-family="Georgia, serif" font-weight="700" font-size="${name.length > 14 ? 38 : 54}" fill="${three}">${name}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${paper}"/>${shape}${label}</svg>`
}
