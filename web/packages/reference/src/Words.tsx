//! What a contract says, with its `code` set as code. Always text, whoever wrote it.

import { For } from 'solid-js'

export function Words(props: { text: string }) {
  return <For each={props.text.split('`')}>{(part, at) => (at() % 2 === 1 ? <code>{part}</code> : part)}</For>
}
