import { expect, test } from 'vitest'
import { commandFor, type Command, type Pressed } from './keys.ts'

function check(key: string, expected: Command | undefined, around: Partial<Pressed> = {}) {
  expect(commandFor({ key, onButton: false, onSlider: false, fullScreen: false, ...around })).toEqual(expected)
}

test('space and k pause, but a focused button keeps its own space', () => {
  check(' ', { kind: 'toggle-play' })
  check('K', { kind: 'toggle-play' })
  check(' ', undefined, { onButton: true })
})

test('arrows wind and change the volume, unless a slider has focus', () => {
  check('ArrowLeft', { kind: 'seek-by', seconds: -10 })
  check('ArrowUp', { kind: 'volume-by', amount: 0.1 })
  check('ArrowLeft', undefined, { onSlider: true })
  check('ArrowLeft', { kind: 'seek-by', seconds: -10 }, { onButton: true })
})

test('digits are tenths of the film', () => {
  check('0', { kind: 'seek-to', fraction: 0 })
  check('7', { kind: 'seek-to', fraction: 0.7 })
})

test('escape leaves full screen first and the film after', () => {
  check('Escape', undefined, { fullScreen: true })
  check('Escape', { kind: 'leave' })
})

test('other keys are not taken', () => {
  check('Tab', undefined)
  check('a', undefined)
  check('F5', undefined)
})
