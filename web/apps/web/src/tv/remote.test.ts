import { expect, test } from 'vitest'
import { leaveApp, meaning, mediaKey, registerKeys } from './remote.ts'

const key = (key: string, keyCode = 0) => ({ key, keyCode })

test('Back of every house is Back', () => {
  const backs = [key('Unidentified', 10009), key('Unidentified', 461), key('XF86Back', 10009), key('GoBack', 461), key('BrowserBack', 166), key('Backspace', 8)]
  expect(backs.map(meaning)).toEqual(backs.map(() => 'back'))
})

test('what a keyboard has is left to the engine', () => {
  expect([key('ArrowLeft', 37), key('Enter', 13), key('Escape', 27), key('a', 65)].map(meaning)).toEqual([undefined, undefined, undefined, undefined])
})

test('keys of a film have one name everywhere', () => {
  expect([key('Unidentified', 415), key('MediaPlayPause', 10252), key('Unidentified', 228)].map(mediaKey))
    .toEqual(['MediaPlay', 'MediaPlayPause', 'MediaFastForward'])
})

test('an app is left as its house wants it, and not at all in a browser', () => {
  let left = ''
  expect(leaveApp({ tizen: { application: { getCurrentApplication: () => ({ exit: () => void (left = 'tizen') }) } } })).toBe(true)
  expect(leaveApp({ webOS: { platformBack: () => void (left += ' webos') } })).toBe(true)
  expect(left).toBe('tizen webos')
  expect(leaveApp({})).toBe(false)
})

test('a remote without some key does not keep the others from being registered', () => {
  const registered: string[] = []
  registerKeys({ tizen: { tvinputdevice: { registerKey: (name) => {
    if (name === 'MediaStop') throw new Error('not supported')
    registered.push(name)
  } } } })
  expect(registered).toContain('MediaFastForward')
})
