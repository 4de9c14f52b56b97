import { expect, test } from 'vitest'
import { fits, operationsOf, resolve } from './document.ts'

const hostile = '<img src=x onerror=alert(1)>'
const document = {
  components: {
    parameters: { Limit: { name: 'limit', in: 'query', schema: { type: 'integer', example: 5 } } },
    responses: { Gone: { description: '`title-gone`, `Not A Code`', content: { 'application/problem+json': {} } } },
    'a/b~c': 1,
  },
  security: [{ key: [] }],
  paths: {
    '/v1/titles/{id}': {
      parameters: [{ name: 'id', in: 'path', description: 'of the path' }],
      get: {
        operationId: 'get_title', tags: ['catalog'], summary: hostile, deprecated: true, 'x-sunset': '2027-07-01T00:00:00Z', 'x-deprecation-link': 'javascript:alert(1)',
        parameters: [{ $ref: '#/components/parameters/Limit' }, { name: 'id', in: 'path', description: 'its own' }, { name: 'crumb', in: 'cookie' }],
        responses: { 200: { description: 'There', content: { 'application/json': { schema: {} } } }, 410: { $ref: '#/components/responses/Gone' } },
      },
      delete: { security: [], responses: {} },
    },
  },
}

test('operations have what the document says, with references followed and the operation’s own word counting most', () => {
  const [get, remove] = operationsOf(document)
  expect(get).toMatchObject({ key: 'GET /v1/titles/{id}', id: 'get_title', tag: 'catalog', summary: hostile, security: ['key'] })
  expect(get?.parameters.map((each) => [each.name, each.required, each.description, each.example])).toEqual([['id', true, 'its own', undefined], ['limit', false, '', 5]])
  expect(get?.replies.map((reply) => reply.codes)).toEqual([[], ['title-gone']])
  expect(remove).toMatchObject({ id: 'DELETE /v1/titles/{id}', security: [], body: undefined, deprecated: undefined })
})

test('only an address of the web becomes a link', () => {
  expect(operationsOf(document)[0]?.deprecated).toEqual({ sunset: '2027-07-01T00:00:00Z' })
})

test('a document that is none has no operations, and strange parts of one are left out', () => {
  for (const none of [undefined, null, 7, 'x', [], {}, { paths: [] }, { paths: { '/x': null, '/y': { get: 'no' } } }]) expect(operationsOf(none)).toEqual([])
  const strange = { paths: { '/x': { get: { parameters: [null, 7, { name: 1, in: 'query' }], tags: 'x', responses: [], requestBody: { $ref: '#/nowhere' } }, trace: {} } } }
  expect(operationsOf(strange)).toMatchObject([{ parameters: [], tag: '', replies: [], body: { contents: [] } }])
})

test('a reference stays within the document’s own members', () => {
  expect(resolve(document, '#/components/a~1b~0c')).toBe(1)
  for (const ref of ['#/constructor', '#/components/toString', 'https://evil.example/#/x', '#/components/parameters/Limit/name/length']) expect(resolve(document, ref)).toBeUndefined()
})

test('all words asked for are somewhere in it', () => {
  const [get] = operationsOf(document)
  for (const asked of ['', 'GET titles', 'title-gone', 'LIMIT catalog']) expect(fits(get!, asked), asked).toBe(true)
  expect(fits(get!, 'titles playback')).toBe(false)
})
