//! All requests the console has in memory or on disk, newest first, narrowed by the address.

import { createMemo } from 'solid-js'
import type { PageProps } from '../pages.ts'
import { FilterBar, type Filter } from '../parts/FilterBar.tsx'
import { query } from '../places.ts'
import { RequestTable } from './RequestTable.tsx'
import { WITHIN_CHOICES, wantedIn } from './wanted.ts'

const SHOWN = 100

const FILTERS: readonly Filter[] = [
  { kind: 'choice', name: 'outcome', label: 'Outcome', choices: [['ok', 'ok'], ['refused', 'refused (4xx)'], ['failed', 'failed (5xx)']] },
  { kind: 'text', name: 'q', label: 'Words or id' },
  { kind: 'text', name: 'path', label: 'Path contains' },
  { kind: 'text', name: 'route', label: 'Route contains' },
  { kind: 'text', name: 'status', label: 'Status' },
  { kind: 'text', name: 'slower', label: 'At least, ms' },
  { kind: 'text', name: 'account', label: 'Account' },
  { kind: 'choice', name: 'within', label: 'Within', choices: WITHIN_CHOICES },
  { kind: 'text', name: 'from', label: 'Called from' },
  { kind: 'text', name: 'to', label: 'to' },
]

export default function RequestsPage(props: PageProps<'requests'>) {
  const wanted = createMemo(() => wantedIn(query()))
  return (
    <div class="page">
      <h1>Requests</h1>
      <FilterBar filters={FILTERS} label="Narrow the requests" />
      <section class="panel requests" aria-label="Requests">
        <RequestTable live={props.live} held={props.held} wanted={wanted()} shown={SHOWN} older />
      </section>
    </div>
  )
}
