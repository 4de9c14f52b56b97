//! A value as JSON, as text and never as markup: what is in it may come from anybody.

import { written } from './written.ts'

export function Json(props: { value: unknown }) {
  return <code class="json">{written(props.value)}</code>
}
