//! What the title doctor says in the mock: a film that is too grown-up for any profile that is named.

import type { Diagnosis, DoctorCheck } from '@bijou/api-client/console.ts'

export function diagnosisOf(title_id: string, asked: URLSearchParams): Diagnosis {
  const isChild = asked.has('profile')
  const check = (id: string, owner: string, concern: DoctorCheck['concern'], words: string, evidence: Record<string, unknown> = {}): DoctorCheck =>
    ({ id, owner, concern, verdict: 'ok', words, evidence })
  const ceiling = isChild ? 'The title is for ages 16 and up, but the profile sees only up to 6.' : 'It is for ages 16 and up; no profile was named, so no ceiling is held against it.'
  const checks: DoctorCheck[] = [
    check('catalog', 'catalog', 'watching', 'It is in the catalog; what is in it is published.', { name: 'Night Express', kind: 'movie' }),
    check('offer', 'catalog', 'watching', `It is offered in ${asked.get('territory') ?? 'a place nobody knows'}, without an end.`, { offers: [] }),
    { ...check('maturity', 'profiles', 'watching', ceiling, { certification_age: 16, ...(isChild && { ceiling: 6 }) }), verdict: isChild ? 'blocks' : 'ok' },
    check('playable', 'playback', 'watching', 'It can be played in 360p, 720p, 1080p.'),
    check('heard', 'catalog', 'finding', 'The catalog shows it as playable.'),
    check('search', 'catalog', 'finding', 'The search index has it.'),
    { ...check('recommendations', 'recommendations', 'finding', 'Recommendations does not answer, so nobody can say.', { reason: 'no instance' }), verdict: 'unknown' },
  ]
  return { title_id, name: 'Night Express', verdict: isChild ? 'blocks' : 'ok', words: isChild ? ceiling : 'Nothing stands in the way of watching it.', checks }
}
