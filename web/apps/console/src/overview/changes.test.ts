import { expect, test } from 'vitest'
import type { AuditEntry, Instance } from '@bijou/api-client/console.ts'
import { marksOf } from './changes.ts'

const NOW = 100_000
const entry = (seq: number, second: number, action: string, target = 'CATALOG/a'): AuditEntry =>
  ({ seq, action, target, at: new Date(second * 1000).toISOString(), actor: 'token', hash: '' })

const instance = (status: string): Instance =>
  ({ app: 'CATALOG', role: 'catalog', instance_id: 'a', addr: '', status, health: 'ready', metadata: {}, last_minute: { requests: 0, failed: 0 } })

test('taken out and put back is a stretch, newest first as the audit answers', () => {
  const entries = [entry(3, 30, 'instance.undrain'), entry(2, 10, 'instance.drain'), entry(1, 5, 'session.create', 'session')]
  expect(marksOf(entries, [], NOW)).toEqual([{ name: 'catalog drain', from_ms: 10_000, to_ms: 30_000 }])
})

test('what is still out is out until now', () => {
  expect(marksOf([entry(1, 10, 'instance.drain')], [instance('OUT_OF_SERVICE')], NOW)).toEqual([{ name: 'catalog drain', from_ms: 10_000, to_ms: NOW }])
})

test('a drain that came to nothing is a moment: the audit has it, the registry does not', () => {
  expect(marksOf([entry(1, 10, 'instance.drain')], [instance('UP')], NOW)).toEqual([{ name: 'catalog drain', from_ms: 10_000 }])
})

test('a restart puts back in, and is a moment of its own', () => {
  expect(marksOf([entry(2, 40, 'instance.restart'), entry(1, 10, 'instance.drain')], [], NOW)).toEqual([
    { name: 'catalog drain', from_ms: 10_000, to_ms: 40_000 }, { name: 'catalog restart', from_ms: 40_000 },
  ])
})
