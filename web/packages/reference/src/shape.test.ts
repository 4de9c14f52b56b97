import { expect, test } from 'vitest'
import { inside, shapeOf, type Shape } from './shape.ts'

const schemas: Record<string, unknown> = {
  Title: { type: 'object', description: 'A film.', required: ['id'], properties: { id: { type: 'string' }, similar: { type: 'array', items: { $ref: '#/components/schemas/Title' } } } },
  Kind: { type: 'string', enum: ['movie', 'show'] },
  Named: { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 40 } } },
  Loop: { $ref: '#/components/schemas/Loop' },
  Ping: { allOf: [{ $ref: '#/components/schemas/Pong' }] },
  Pong: { allOf: [{ $ref: '#/components/schemas/Ping' }], properties: { x: {} } },
}
const shape = (schema: unknown) => shapeOf({ components: { schemas } }, schema)
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const member = (of: Shape, name: string) => of.members.find((each) => each.name === name)

test('a reference has its name, its members, and its own words beside it', () => {
  const title = shape({ ...ref('Title'), description: 'The one asked for.' })
  expect([title.type, title.description]).toEqual(['Title', 'The one asked for.'])
  expect(title.members.map((each) => [each.name, each.required, each.shape.type])).toEqual([['id', true, 'string'], ['similar', false, 'list of Title']])
})

test('recursion is closed where it is met again', () => {
  const similar = member(shape(ref('Title')), 'similar')?.shape
  expect(similar?.each).toMatchObject({ type: 'Title', closed: true, members: [] })
  expect(inside(similar!)).toBe(false)
  expect(shape(ref('Loop')).closed).toBe(true)
  expect(shape(ref('Ping')).members.map((each) => each.name)).toEqual(['x'])
})

test('what all of them ask for is one', () => {
  const both = shape({ allOf: [ref('Title'), ref('Named'), { properties: { extra: { type: 'boolean' } } }] })
  expect(both.members.map((each) => [each.name, each.required]).sort()).toEqual([['extra', false], ['id', true], ['name', true], ['similar', false]])
})

test('null is a word beside the type, in each of its ways of being written', () => {
  expect(shape({ type: ['integer', 'null'] }).type).toBe('integer or null')
  expect(shape({ type: 'string', nullable: true }).type).toBe('string or null')
  expect(shape({ oneOf: [{ type: 'null' }, ref('Kind')] })).toMatchObject({ type: 'string or null', choices: ['movie', 'show'], alternatives: [] })
  expect(shape({ enum: ['a', null] }).choices).toEqual(['a'])
})

test('one of several is several', () => {
  const either = shape({ oneOf: [ref('Title'), ref('Kind')] })
  expect([either.type, either.alternatives.map((each) => each.type)]).toEqual(['one of 2', ['Title', 'string']])
})

test('limits are words', () => {
  expect(shape({ type: 'integer', format: 'int32', minimum: 1, maximum: 9, default: 3, example: 5 }).notes).toEqual(['int32', 'at least 1', 'at most 9', '3 unless told', 'as 5'])
})

test('maps, anything, nothing', () => {
  expect([{ type: 'object', additionalProperties: { type: 'string' } }, {}, true, false, undefined].map((each) => shape(each).type)).toEqual(['map to string', 'anything', 'anything', 'nothing', 'anything'])
})

test('a document that multiplies itself ends', () => {
  for (let level = 0; level < 30; level += 1) {
    schemas[`L${level}`] = { type: 'object', properties: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`m${at}`, ref(`L${level + 1}`)])) }
  }
  const count = (of: Shape): number => 1 + of.members.reduce((sum, each) => sum + count(each.shape), 0)
  expect(count(shape(ref('L0')))).toBeLessThan(20_000)
})
