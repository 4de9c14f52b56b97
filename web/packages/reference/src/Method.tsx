//! A method, so that those that change something can be told at a glance, and not by colour alone.

import { writes } from './document.ts'

export const Method = (props: { of: string }) =>
  <span class="method" classList={{ 'method--writes': writes(props.of), 'method--ends': props.of === 'DELETE' }}>{props.of}</span>
