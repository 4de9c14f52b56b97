import { expect, test } from 'vitest'
import { srcsetOf } from './picture.ts'

test('a picture of the catalog is offered in every size it is printed in', () => {
  expect(srcsetOf('/img/sintel/poster/w480/5f2a.jpg'))
    .toBe('/img/sintel/poster/w240/5f2a.jpg 240w, /img/sintel/poster/w480/5f2a.jpg 480w, /img/sintel/poster/w960/5f2a.jpg 960w')
})

test('any other address is left as it is', () => {
  expect(srcsetOf('https://example.org/poster.jpg')).toBeUndefined()
  expect(srcsetOf('/img/sintel/logo/w480/5f2a.jpg')).toBeUndefined()
})
