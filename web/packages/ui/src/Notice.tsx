//! Empty and error states: what happened, what still works, what to do. One mark, one heading, one sentence, one way on.

import { Show, type JSX } from 'solid-js'
import './Notice.css'

export interface NoticeProps {
  title: string
  children: JSX.Element
  action?: { label: string; run: () => void } | { label: string; href: string }
  requestId?: string | undefined
  /** Read out at once; for what went wrong, not for what is merely empty. */
  urgent?: boolean
  level?: 1 | 2
}

export function Notice(props: NoticeProps) {
  return (
    <section class="notice" classList={{ 'notice--whole': props.level === 1 }} role={props.urgent ? 'alert' : undefined} data-focus-row>
      <svg class="notice__mark" viewBox="0 0 120 26" aria-hidden="true">
        <circle cx="10" cy="18" r="5" /><circle cx="34" cy="10" r="5" /><circle cx="60" cy="7" r="5" />
        <circle cx="86" cy="10" r="5" class="notice__lit" /><circle cx="110" cy="18" r="5" />
      </svg>
      <Show when={props.level === 1} fallback={<h2 class="notice__title">{props.title}</h2>}>
        <h1 class="notice__title" tabindex="-1">{props.title}</h1>
      </Show>
      <p class="quiet">{props.children}</p>
      <Show when={props.action}>
        {(action) => {
          const it = action()
          return 'href' in it
            ? <a class="button" href={it.href}>{it.label}</a>
            : <button type="button" class="button" onClick={it.run}>{it.label}</button>
        }}
      </Show>
      <Show when={props.requestId}>
        {(id) => <p class="notice__id faint">Request <code>{id()}</code></p>}
      </Show>
    </section>
  )
}
