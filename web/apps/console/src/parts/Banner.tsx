//! One line across every page, for what changes how everything else is read.

import type { JSX } from 'solid-js'

export function Banner(props: { title: string; children: JSX.Element }) {
  return <div class="banner" role="alert"><p><strong>{props.title}</strong> {props.children}</p></div>
}
