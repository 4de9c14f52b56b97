//! The API explorer: every contract of the platform as it runs now, and each of its operations to try with a real token.

import { createEffect, createMemo, onMount, Show } from 'solid-js'
import type { Written } from '@bijou/reference/call.ts'
import type { Operation } from '@bijou/reference/document.ts'
import { OperationList, type Group } from '@bijou/reference/OperationList.tsx'
import { OperationPage } from '@bijou/reference/OperationPage.tsx'
import { WaitingBulbs } from '@bijou/ui/Bulbs.tsx'
import { who } from '../operator.ts'
import type { PageProps } from '../pages.ts'
import { ProblemNote } from '../parts/ProblemNote.tsx'
import { fragmentOf, narrow, query } from '../places.ts'
import { CallerPanel } from './CallerPanel.tsx'
import { caller, credentialOf, wordsOf } from './caller.ts'
import { addressOf, contracts, loadContracts, operationAt, problem, wayTo, type Contract, type Contracts } from './contracts.ts'
import { here, throughGateway } from './send.ts'
import './explorer.css'

interface Named extends Group { contract: Contract }

export default function ExplorerPage(props: PageProps<'api'>) {
  onMount(() => void loadContracts())
  const groups = createMemo((): Named[] => (contracts()?.items ?? []).map((contract) => ({
    name: contract.name, operations: contract.operations, contract,
    says: [contract.about.title, contract.about.version].filter(Boolean).join(' '),
  })))
  const at = createMemo(() => {
    const all = contracts()
    return all && operationAt(all, query()['at'] ?? '')
    // Contracts that come anew must not empty a form under somebody's hands.
  }, undefined, { equals: (a, b) => a !== undefined && b !== undefined && addressOf(a.contract, a.operation) === addressOf(b.contract, b.operation) })
  const gateway = () => `http://${props.live.instances().find((each) => each.app === 'GATEWAY')?.addr ?? '127.0.0.1:8080'}`
  let list!: HTMLDivElement
  // Whoever comes by a link sees where in the list they are; only the list moves.
  createEffect(() => {
    if (at() === undefined) return
    const current = list?.querySelector('[aria-current]')?.getBoundingClientRect()
    const seen = list?.getBoundingClientRect()
    if (current && seen && (current.top < seen.top || current.bottom > seen.bottom)) list.scrollTop += current.top - seen.top - seen.height / 3
  })
  const link = (group: Group, operation: Operation) =>
    fragmentOf({ kind: 'api' }, { ...query(), at: addressOf((group as Named).contract, operation) })
  return (
    <div class="page explorer" classList={{ 'explorer--one': at() !== undefined }}>
      <header class="explorer__head">
        <h1>API</h1>
        <p class="quiet">Every contract, as the instances give it now. Calls are real: they go through the gateway, and their stories are kept.</p>
        <CallerPanel />
      </header>
      <Show when={problem()}>{(problem) => <ProblemNote what="The contracts did not come" problem={problem()} again={() => void loadContracts()} />}</Show>
      <Show when={contracts()} fallback={<Show when={!problem()}><WaitingBulbs large label="The contracts are being asked for" /></Show>}>
        {(all) => (
          <div class="explorer__panes">
            <div class="explorer__list" ref={list}>
              <OperationList level={2} groups={groups()} asked={query()['q'] ?? ''} ask={(q) => narrow({ q })} link={link}
                chosen={(group, operation) => query()['at'] === addressOf((group as Named).contract, operation)} />
              <Show when={all().missing.length > 0}><p class="faint explorer__missing">Without a contract: {all().missing.join(', ')}.</p></Show>
            </div>
            <div class="explorer__shown">
              <Show when={at()} fallback={<p class="quiet explorer__none">Choose an operation. Its parameters, body, answers and errors are shown here, with a form to try it.</p>}>
                {(at) => <Shown all={all()} gateway={gateway()} contract={at().contract} operation={at().operation} />}
              </Show>
            </div>
          </div>
        )}
      </Show>
    </div>
  )
}

function Shown(props: { all: Contracts; gateway: string; contract: Contract; operation: Operation }) {
  const way = () => wayTo(props.all, props.contract, props.operation)
  const back = () => { const { at: _, ...rest } = query(); return fragmentOf({ kind: 'api' }, rest) }
  const send = (written: Written) => (way() === 'here' ? here(written) : throughGateway(written))
  return (
    <>
      <p class="explorer__back"><a class="back" href={back()}>All operations</a></p>
      <OperationPage level={2} document={props.contract.document} operation={props.operation} send={send}
        credential={way() === 'here' ? undefined : credentialOf(caller())}
        asWhom={way() === 'here' ? (who() === 'token' ? 'the operator' : who()) : wordsOf(caller())}
        origin={way() === 'here' ? location.origin : props.gateway}
        {...(way() === 'services' && { untried: `Only services may ask this of ${props.contract.name}: no route of the gateway leads to it, so it cannot be tried from here.` })} />
    </>
  )
}
