import { expect, test } from 'vitest'
import { boxesOf, columnOf, curvesOf } from './layout.ts'

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

test('an edge to somebody who is not on the map is not drawn', () => {
  const { boxes } = boxesOf(['catalog'])
  expect(curvesOf(boxes, [['gateway', 'catalog'], ['gateway', 'nobody']]).map((curve) => curve.to)).toEqual(['catalog'])
})
