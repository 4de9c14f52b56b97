//! A person's credits by what they did, each title once.

import type { Person } from '@bijou/api-client/types.ts'

type PersonCredit = Person['credits'][number]

const ROLES: Record<string, string> = {
  director: 'Directed', creator: 'Created', writer: 'Wrote', producer: 'Produced', composer: 'Music for', cinematographer: 'Camera for',
  editor: 'Edited', actor: 'Played in',
}

export function creditsOf(person: Person): { role: string; credits: PersonCredit[] }[] {
  const groups = new Map<string, Map<string, PersonCredit>>()
  for (const credit of person.credits) {
    const group = groups.get(credit.role) ?? new Map<string, PersonCredit>()
    groups.set(credit.role, group)
    if (!group.has(credit.title.id)) group.set(credit.title.id, credit)
  }
  return [...groups].map(([role, credits]) => ({ role: ROLES[role] ?? role, credits: [...credits.values()] }))
}
