import { expect, test } from 'vitest'
import { boxesOf, columnOf, curvesOf, WIDTH } from './layout.ts'

test('services stand in a fixed order, newcomers after them', () => {
  expect(columnOf(['playback', 'gateway', 'partners', 'catalog', 'client', 'identity'])).toEqual(['identity', 'catalog', 'playback', 'partners'])
})

test('no two boxes overlap, however many roles there are', () => {
  const roles = ['identity', 'catalog', 'recommendations', 'playback', 'profiles', 'partners', 'search', 'console']
  const { boxes, height } = boxesOf(roles)
  for (const a of boxes) {
    expect(a.y).toBeGreaterThanOrEqual(0)
    expect(a.y + a.height).toBeLessThanOrEqual(height)
    for (const b of boxes) {
      if (a === b) continue
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
      expect(apart, `${a.role} and ${b.role}`).toBe(true)
    }
  }
})

test('no call between services leaves the picture, however far apart they stand', () => {
  const roles = ['identity', 'catalog', 'recommendations', 'playback', 'profiles', 'partners', 'search', 'billing', 'mail']
  const { boxes } = boxesOf(roles)
  const pairs = roles.flatMap((from) => roles.map((to) => [from, to] as const))
  for (const { from, to, d } of curvesOf(boxes, pairs)) {
    const [x1 = 0, , x2 = 0, , x3 = 0, , x4 = 0] = (d.match(/-?[\d.]+/g) ?? []).map(Number)
    for (let t = 0; t <= 1; t += 0.05) {
      const x = (1 - t) ** 3 * x1 + 3 * (1 - t) ** 2 * t * x2 + 3 * (1 - t) * t ** 2 * x3 + t ** 3 * x4
      expect(x, `${from} to ${to}`).toBeLessThan(WIDTH - 8)
    }
  }
})

test('an edge to somebody who is not on the map is not drawn', () => {
  const { boxes } = boxesOf(['catalog'])
  expect(curvesOf(boxes, [['gateway', 'catalog'], ['gateway', 'nobody']]).map((curve) => curve.to)).toEqual(['catalog'])
})
