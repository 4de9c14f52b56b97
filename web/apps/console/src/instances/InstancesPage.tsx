//! Everybody who is registered.

import type { PageProps } from '../pages.ts'
import { InstanceTable } from './InstanceTable.tsx'

export default function InstancesPage(props: PageProps<'instances'>) {
  return (
    <div class="page">
      <h1 class="hidden-text">Instances</h1>
      <InstanceTable live={props.live} full />
    </div>
  )
}
