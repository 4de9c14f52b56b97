//! What happened within the time that is looked at, newest first.

import { Show } from 'solid-js'
import type { Happening } from '@bijou/api-client/console.ts'
import { Table } from '../parts/Table.tsx'
import { dayAndTime } from '../words.ts'
import { SIGNS } from './happenings.ts'

export function TimeLine(props: { told: readonly Happening[] }) {
  return (
    <section class="panel overview__whole" aria-labelledby="happened-name">
      <div class="panel__head"><h2 id="happened-name">What happened</h2><p class="faint">Marked on every graph.</p></div>
      <Table label="Time line" lines rows={props.told} key={(each) => `${each.at} ${each.kind} ${each.words} ${each.instance_id ?? ''}`}
        empty="Nothing: no version came, nothing started or stopped, nobody changed or broke anything."
        columns={[
          { name: 'Time', class: 'mono faint', cell: (each) => dayAndTime(each().at) },
          { name: 'What', names: true, cell: (each) => <><span aria-hidden="true">{SIGNS[each().kind]} </span>{each().words}</> },
          { name: 'Until', class: 'mono faint', cell: (each) => { const { until } = each(); return until === undefined ? '' : dayAndTime(until) } },
          { name: 'Who', class: 'faint', cell: (each) => each().by ?? each().instance_id ?? '' },
          { name: 'Why', class: 'faint', cell: (each) => <Show when={each().reason}>{(reason) => <>{reason()}</>}</Show> },
        ]} />
    </section>
  )
}
