//! Every operation by group, narrowed by words.

import { createMemo, For, Show } from 'solid-js'
import { fits, type Operation } from './document.ts'
import { Heading } from './Heading.tsx'
import { Method } from './Method.tsx'
import './reference.css'

export interface Group { name: string; says?: string; operations: readonly Operation[] }

export interface OperationListProps {
  groups: readonly Group[]
  asked: string
  ask: (words: string) => void
  /** The one that is shown. */
  chosen: (group: Group, operation: Operation) => boolean
  /** Where it is, when every operation has an address of its own. */
  link?: (group: Group, operation: Operation) => string
  choose?: (group: Group, operation: Operation) => void
  /** Of the groups' headings. */
  level: 2 | 3
}

export function OperationList(props: OperationListProps) {
  const found = createMemo(() => props.groups
    .map((group) => ({ group, operations: group.operations.filter((each) => fits(each, props.asked) || fits(each, withoutName(props.asked, group.name))) }))
    .filter(({ operations }) => operations.length > 0))
  const count = () => found().reduce((sum, { operations }) => sum + operations.length, 0)
  return (
    <nav class="operations" aria-label="Operations">
      <label class="operations__search">Search <input type="search" value={props.asked} onInput={(event) => props.ask(event.currentTarget.value)} placeholder="playbacks, pin-wrong, POST…" autocomplete="off" spellcheck={false} /></label>
      <p class="operations__count" role="status">{count() === 0 ? 'None has all of these words.' : count() === 1 ? 'One operation' : `${count()} operations`}</p>
      <For each={found()}>
        {({ group, operations }) => (
          <section class="operations__group" aria-label={group.name}>
            <Heading level={props.level} class="operations__name">{group.name}</Heading>
            <Show when={group.says}><p class="operations__says">{group.says}</p></Show>
            <ul>
              <For each={operations}>
                {(operation) => <li><Entry operation={operation} current={props.chosen(group, operation)} link={props.link?.(group, operation)} choose={() => props.choose?.(group, operation)} /></li>}
              </For>
            </ul>
          </section>
        )}
      </For>
    </nav>
  )
}

/** `catalog title` finds the catalog's operations about titles. */
function withoutName(asked: string, name: string): string {
  return asked.toLowerCase().split(/\s+/).filter((word) => word !== '' && !name.toLowerCase().includes(word)).join(' ')
}

function Entry(props: { operation: Operation; current: boolean; link: string | undefined; choose: () => void }) {
  const inside = () => (
    <>
      <span class="operations__line"><Method of={props.operation.method} /> <span class="operations__path">{props.operation.path}</span></span>
      <span class="operations__summary">{props.operation.summary}<Show when={props.operation.deprecated}> · going away</Show></span>
    </>
  )
  return (
    <Show when={props.link} fallback={<button type="button" class="operations__entry" aria-pressed={props.current} onClick={() => props.choose()}>{inside()}</button>}>
      {(link) => <a class="operations__entry" href={link()} aria-current={props.current ? 'true' : undefined}>{inside()}</a>}
    </Show>
  )
}
