//! Names and pictures for ids that profiles keeps: the catalog's, a hundred at a time.

import type { Bijou } from '@bijou/api-client/bijou.ts'
import type { Answer } from '@bijou/api-client/transport.ts'
import type { TitleSummary } from '@bijou/api-client/types.ts'

const AT_ONCE = 100

/** Titles that are gone, or not for this profile, are not in the answer. */
export async function titlesById(bijou: Pick<Bijou, 'titlesOf'>, ids: Iterable<string>): Promise<Answer<Map<string, TitleSummary>>> {
  const wanted = [...new Set(ids)]
  const found = new Map<string, TitleSummary>()
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const answer = await bijou.titlesOf(wanted.slice(from, from + AT_ONCE))
    if (!answer.ok) return answer
    for (const title of answer.value.items) found.set(title.id, title)
  }
  return { ok: true, value: found }
}
