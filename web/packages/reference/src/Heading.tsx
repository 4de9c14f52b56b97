//! A heading of the level that fits where it stands: whoever walks by headings must not fall through a gap.

import { Dynamic } from 'solid-js/web'
import type { JSX } from 'solid-js'

export const Heading = (props: { level: 2 | 3 | 4; id?: string; class: string; children: JSX.Element }) =>
  <Dynamic component={`h${props.level}`} class={props.class} {...(props.id !== undefined && { id: props.id })}>{props.children}</Dynamic>
