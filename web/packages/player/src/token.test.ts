import { expect, test } from 'vitest'
import { renewalOf, renewed } from './token.ts'

test('a renewed token is the one segment that changed', () => {
  expect(renewalOf('/m/asset1/T1/master.m3u8', '/m/asset1/T2/master.m3u8')).toEqual({ old: 'T1', fresh: 'T2' })
})

test('another asset is no renewal: the film was made anew and must be loaded anew', () => {
  expect(renewalOf('/m/asset1/T1/master.m3u8', '/m/asset2/T2/master.m3u8')).toBeUndefined()
  expect(renewalOf('/m/asset1/T1/master.m3u8', '/m/asset1/x/T2/master.m3u8')).toBeUndefined()
})

test('the same address again renews nothing', () => {
  expect(renewalOf('/m/a/T1/master.m3u8', '/m/a/T1/master.m3u8')).toBeUndefined()
})

test('addresses learned long ago get the newest token', () => {
  const renewals = [{ old: 'T1', fresh: 'T2' }, { old: 'T2', fresh: 'T3' }]
  expect(renewed('http://host/s/asset1/T1/v0-3.m4s', renewals)).toBe('http://host/s/asset1/T3/v0-3.m4s')
  expect(renewed('http://host/s/asset1/T2/v0-3.m4s', renewals)).toBe('http://host/s/asset1/T3/v0-3.m4s')
  expect(renewed('http://host/other/file', renewals)).toBe('http://host/other/file')
})
