import { expect, test } from 'vitest'
import { stale } from './generate.mjs'

test('the generated types are what the committed contracts say today: `npm run generate` when not', async () => {
  expect(await stale()).toEqual([])
})
