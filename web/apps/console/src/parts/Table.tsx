//! A dense table: sorted by its headers, walked by arrow keys, its rows kept while their numbers change.
//!
//! A row is known by its key: told anew with other numbers it keeps its elements, and with them focus and hover.

import { createMemo, createSignal, For, Show, type JSX } from 'solid-js'
import { inOrder, pressed, type Order, type Sortable } from './sort.ts'

export interface Column<Row> {
  name: string
  /** Read out and not shown, where the cell explains itself. */
  nameHidden?: boolean
  cell: (row: () => Row) => JSX.Element
  /** With it the header sorts. */
  by?: (row: Row) => Sortable
  number?: boolean
  /** The cell that says which row it is. */
  names?: boolean
  class?: string
}

export interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  key: (row: Row) => string
  /** What will fill it. */
  empty: JSX.Element
  /** One line per row, never broken. */
  lines?: boolean
}

export function Table<Row>(props: TableProps<Row>) {
  const [order, setOrder] = createSignal<Order>()
  const byKey = createMemo(() => new Map(props.rows.map((row) => [props.key(row), row])))
  const keys = createMemo(() => {
    const wanted = order()
    const by = props.columns.find((column) => column.name === wanted?.column)?.by
    const rows = [...byKey().values()]
    return (wanted && by ? inOrder(rows, by, wanted.down) : rows).map(props.key)
  })
  const press = (column: Column<Row>) => setOrder(pressed(order(), column.name, column.number ?? false))
  return (
    <div class="scroll" tabindex="0" role="region" aria-label={props.label}>
      <table class="table" classList={{ 'table--lines': props.lines ?? false }}>
        <thead>
          <tr>
            <For each={props.columns}>
              {(column) => (
                <th scope="col" classList={{ number: column.number ?? false }} aria-sort={column.by && sortOf(order(), column.name)}>
                  <Show when={column.by} fallback={<span classList={{ 'hidden-text': column.nameHidden ?? false }}>{column.name}</span>}>
                    <button type="button" class="table__sort" onClick={() => press(column)}>
                      {column.name}<span aria-hidden="true" class="table__way">{WAYS[sortOf(order(), column.name)]}</span>
                    </button>
                  </Show>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody onKeyDown={walk}>
          <For each={keys()} fallback={<tr><td colspan={props.columns.length}>{props.empty}</td></tr>}>
            {(key) => <Line columns={props.columns} row={createMemo<Row>((before) => byKey().get(key) ?? before!)} />}
          </For>
        </tbody>
      </table>
    </div>
  )
}

function Line<Row>(props: { columns: readonly Column<Row>[]; row: () => Row }) {
  return (
    <tr>
      <For each={props.columns}>
        {(column) => {
          const look = `${column.number ? 'number' : ''} ${column.class ?? ''}`
          return column.names ? <th scope="row" class={look}>{column.cell(props.row)}</th> : <td class={look}>{column.cell(props.row)}</td>
        }}
      </For>
    </tr>
  )
}

const WAYS = { none: '', ascending: ' ▴', descending: ' ▾' }

function sortOf(order: Order | undefined, column: string): keyof typeof WAYS {
  if (order?.column !== column) return 'none'
  return order.down ? 'descending' : 'ascending'
}

/** From a link in one row to the same in the next; Home and End to the first and last. */
function walk(event: KeyboardEvent): void {
  const row = (event.target as Element).closest('tr')
  const rows = [...row?.parentElement?.children ?? []]
  const at = rows.indexOf(row as Element)
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
  if (next === undefined) return
  const target = rows[next]?.querySelector<HTMLElement>('a, button')
  if (!target) return
  event.preventDefault()
  target.focus()
}
