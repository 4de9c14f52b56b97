//! Whose contracts there are, and which of their operations somebody outside can reach. Pure but for the asking.

import { createSignal } from 'solid-js'
import { aboutOf, operationsOf, type About, type Operation } from '@bijou/reference/document.ts'
import type { Problem } from '@bijou/api-client/problem.ts'
import { console_, noticing } from '../operator.ts'

/** The merged document: what the gateway lets in, with what it asks of callers. It is shown as its parts. */
const OUTSIDE = 'gateway'
/** The console's own API, which this page asks where it came from. */
export const OPERATOR = 'operator'

export interface Contract { name: string; document: unknown; about: About; operations: Operation[] }

export interface Contracts {
  items: Contract[]
  /** Those that did not come. */
  missing: string[]
  /** By `GET /v1/titles`; absent when the gateway did not say. */
  outside: ReadonlyMap<string, Operation> | undefined
}

const [contracts, setContracts] = createSignal<Contracts>()
const [problem, setProblem] = createSignal<Problem>()
export { contracts, problem }

export function gathered(documents: readonly (readonly [name: string, document: unknown])[]): Contracts {
  const told = documents.filter(([, document]) => document !== undefined)
  const merged = told.find(([name]) => name === OUTSIDE)?.[1]
  const outside = merged === undefined ? undefined : new Map(operationsOf(merged).map((each) => [each.key, each]))
  const items = told.filter(([name]) => name !== OUTSIDE).map(([name, document]) => {
    const operations = operationsOf(document).map((own) => ({ ...own, security: outside?.get(own.key)?.security ?? own.security }))
    return { name, document, about: aboutOf(document), operations }
  })
  return { items: items.filter((each) => each.operations.length > 0), missing: documents.filter(([, document]) => document === undefined).map(([name]) => name), outside }
}

export async function loadContracts(): Promise<void> {
  const listed = noticing(await console_.contracts())
  setProblem(listed.ok ? undefined : listed.problem)
  if (!listed.ok) return
  setContracts(gathered(await Promise.all(listed.value.items.map(async ({ name }) => {
    const answer = noticing(await console_.contract(name))
    return [name, answer.ok ? answer.value : undefined] as const
  }))))
}

/** How an operation is reached: the console's own here, the public ones by the gateway, the rest by services alone. */
export function wayTo(all: Contracts, contract: Contract, operation: Operation): 'here' | 'gateway' | 'services' {
  if (contract.name === OPERATOR) return 'here'
  return all.outside === undefined || all.outside.has(operation.key) ? 'gateway' : 'services'
}

/** As an address names it. */
export const addressOf = (contract: Contract, operation: Operation): string => `${contract.name}/${operation.id}`

export function operationAt(all: Contracts, address: string): { contract: Contract; operation: Operation } | undefined {
  const contract = all.items.find((each) => address.startsWith(`${each.name}/`))
  const operation = contract?.operations.find((each) => addressOf(contract, each) === address)
  return contract && operation && { contract, operation }
}
