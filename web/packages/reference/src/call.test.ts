import { expect, test } from 'vitest'
import { appKey, bearer, curl, fieldsOf, missing, slot, write } from './call.ts'
import { operationsOf } from './document.ts'
import { shown, size } from './shown.ts'

const operation = operationsOf({ paths: { '/v1/titles/{id}': { put: {
  parameters: [{ name: 'id', in: 'path' }, { name: 'q', in: 'query' }, { name: 'If-Match', in: 'header' }], requestBody: { content: { 'application/json': {} } },
} } } })[0]!
const values = { [slot({ place: 'path', name: 'id' })]: 'a/b?c', [slot({ place: 'query', name: 'q' })]: 'x&y=z', [slot({ place: 'header', name: 'If-Match' })]: '"1"' }

test('values go to their places and mean nothing there', () => {
  const written = write(operation, values, { text: '{}', media: 'application/json' }, bearer('secret'))
  expect(written.path).toBe('/v1/titles/a%2Fb%3Fc?q=x%26y%3Dz')
  expect(fieldsOf(written)).toEqual({ 'if-match': '"1"', 'content-type': 'application/json', authorization: 'Bearer secret' })
})

test('what is empty is not sent, and what is needed is missed', () => {
  expect(missing(operation, { 'path id': '' })).toEqual(['id'])
  const written = write(operation, { 'path id': 'a' }, { text: ' ', media: 'application/json' }, undefined)
  expect([written.path, written.body, fieldsOf(written)]).toEqual(['/v1/titles/a', undefined, {}])
})

test('the same as curl keeps the secret out and hostile text quoted', () => {
  const typed = curl('http://127.0.0.1:8080', write(operation, { ...values, 'header If-Match': "'; rm -rf $HOME #" }, { text: "{\"name\":\"O'Hara $(id)\"}", media: 'application/json' }, appKey('bjs_secret')))
  expect(typed).toBe([
    "curl -X PUT 'http://127.0.0.1:8080/v1/titles/a%2Fb%3Fc?q=x%26y%3Dz'", '-H "x-api-key: $KEY"', "-H 'if-match: '\\''; rm -rf $HOME #'",
    "-H 'content-type: application/json'", "--data-raw '{\"name\":\"O'\\''Hara $(id)\"}'",
  ].join(' \\\n  '))
  expect(typed).not.toContain('bjs_secret')
})

test('JSON is laid out, everything else is left as it is, and a long answer says how much is left out', () => {
  expect(shown('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(shown('{"cursor":"x"}\n{"titles":2}')).toBe('{"cursor":"x"}\n{"titles":2}')
  expect(shown('<rss/>')).toBe('<rss/>')
  expect(shown('x'.repeat(20_010))).toMatch(/… 10 characters more$/)
  expect([999, 1500, 2_500_000].map(size)).toEqual(['999 bytes', '1.5 kB', '2.5 MB'])
})
