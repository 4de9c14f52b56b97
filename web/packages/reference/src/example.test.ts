import { expect, test } from 'vitest'
import { bodyOf, exampleOf } from './example.ts'

const Node = { type: 'object', required: ['id', 'next', 'all'], properties: { id: { type: 'string' }, next: { $ref: '#/Node' }, all: { type: 'array', items: { $ref: '#/Node' } } } }
const document = { Node, Kind: { type: 'string', enum: ['movie', 'show'] } }

test('what is needed and what has a word is in it, and nothing else', () => {
  const schema = { type: 'object', required: ['at', 'seq'], properties: {
    at: { type: 'string', format: 'date-time' }, seq: { type: 'integer', minimum: 3 }, name: { type: 'string', example: 'Ada' }, pin: { type: 'string' },
  } }
  expect(exampleOf(document, schema)).toEqual({ at: '2027-01-01T00:00:00Z', seq: 3, name: 'Ada' })
})

test('what needs nothing shows one thing whose values are known, or nothing', () => {
  expect(exampleOf(document, { type: 'object', properties: { name: { type: 'string' }, id: { type: 'string' } } })).toEqual({})
  expect(exampleOf(document, { type: 'object', properties: { kind: { $ref: '#/Kind' }, kids: { type: 'boolean' } } })).toEqual({ kind: 'movie' })
})

test('recursion ends', () => {
  expect(exampleOf(document, { $ref: '#/Node' })).toEqual({ id: 'text', all: [] })
})

test('of several it is the first, of all it is each, and null only when there is nothing else', () => {
  expect(exampleOf(document, { oneOf: [{ type: 'null' }, { $ref: '#/Kind' }] })).toBe('movie')
  expect(exampleOf(document, { allOf: [{ type: 'object', required: ['a'], properties: { a: { type: 'boolean' } } }, { required: ['b'], properties: { b: { const: 7 } } }] })).toEqual({ b: 7, a: false })
  expect(exampleOf(document, { type: ['null', 'integer'], maximum: 0 })).toBe(0)
  expect(exampleOf(document, {})).toBeUndefined()
})

test('a member cannot be anything but a member', () => {
  const hostile = JSON.parse('{"type":"object","required":["__proto__"],"properties":{"__proto__":{"example":{"polluted":1}}}}') as unknown
  expect(JSON.stringify(exampleOf(document, hostile))).toBe('{"__proto__":{"polluted":1}}')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('a body is written in its own form', () => {
  const schema = { type: 'object', required: ['grant_type'], properties: { grant_type: { example: 'refresh_token & more' } } }
  expect(bodyOf(document, { media: 'application/json', schema, example: undefined })).toBe('{\n  "grant_type": "refresh_token & more"\n}')
  expect(bodyOf(document, { media: 'application/x-www-form-urlencoded', schema, example: undefined })).toBe('grant_type=refresh_token+%26+more')
  expect(bodyOf(document, { media: 'application/x-protobuf', schema, example: undefined })).toBe('')
})
