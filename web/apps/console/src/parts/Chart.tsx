//! Values over time as lines, areas or bars, with what happened meanwhile marked on them.
//!
//! Told three ways: drawn, read out under the pointer or the arrow keys, and as a table. Series differ by shape, not only by
//! colour.

import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import { time } from '../words.ts'
import { cut, levelsOf, momentsOf, placesOf, runsOf, type Mark } from './scale.ts'
import { Table } from './Table.tsx'
import './Chart.css'

export interface Series {
  name: string
  shape: 'line' | 'area' | 'bars'
  /** Rose instead of amber: for what went wrong. */
  bad?: boolean
  values: readonly (number | undefined)[]
  /** Which of several lines it is: each is dashed in its own way. */
  nth?: number
}

export interface Dot { at_ms: number; value: number; href: string; name: string }

export interface ChartProps {
  name: string
  unit: string
  /** The moment of each value, evenly apart. */
  times: readonly number[]
  series: readonly Series[]
  marks?: readonly Mark[]
  /** Single measurements that lead somewhere; for the pointer, whoever shows them has them as a table too. */
  dots?: readonly Dot[]
  format: (value: number) => string
  /** Of the round steps up the side, where fewer digits will do. */
  level?: (value: number) => string
  /** Counted, so that half a step means nothing. */
  whole?: boolean
}

const HEIGHT = 176
/** A time of day is about as wide; one that would be cut off at the end is left out. */
const WORD = 56
/** Of the words beside marks: about as wide as a letter is, and so many lines of them. */
const LETTER = 6
const LINE = 11
const LINES = 3
const EDGE = { top: 14, right: 10, bottom: 22, left: 52 }

export function Chart(props: ChartProps) {
  let sheet!: HTMLDivElement
  const [width, setWidth] = createSignal(560)
  const [at, setAt] = createSignal<number>()
  onMount(() => {
    const watch = new ResizeObserver(([seen]) => seen && setWidth(Math.max(240, Math.floor(seen.contentRect.width))))
    watch.observe(sheet)
    onCleanup(() => watch.disconnect())
  })
  const count = () => props.times.length
  const from = () => props.times[0] ?? 0
  const to = () => props.times.at(-1) ?? 0
  const dots = createMemo(() => (props.dots ?? []).filter((dot) => dot.at_ms >= from() && dot.at_ms <= to()))
  const levels = createMemo(() => levelsOf(Math.max(0, ...dots().map((dot) => dot.value), ...props.series.flatMap((each) => each.values.filter((value) => value !== undefined))), props.whole))
  const x = (index: number) => EDGE.left + (index / Math.max(1, count() - 1)) * (width() - EDGE.left - EDGE.right)
  const xOf = (moment_ms: number) => x(((moment_ms - from()) / Math.max(1, to() - from())) * (count() - 1))
  const y = (value: number) => HEIGHT - EDGE.bottom - (value / (levels().at(-1) || 1)) * (HEIGHT - EDGE.top - EDGE.bottom)
  const marks = createMemo(() => cut(props.marks ?? [], from(), to()))
  const words = createMemo(() => {
    // What lasts before what was a moment: it was somebody's doing.
    const order = [...marks()].sort((a, b) => Number(a.to_ms === undefined) - Number(b.to_ms === undefined))
    const places = placesOf(order.map((mark) => ({ x: xOf(mark.from_ms) + 4, width: (mark.name.length + 1) * LETTER })), EDGE.left, width() - EDGE.right, LINES)
    return order.flatMap((mark, at) => { const place = places[at]; return place ? [{ name: mark.name, ...place }] : [] })
  })

  const point = (event: PointerEvent) => {
    const share = (event.clientX - sheet.getBoundingClientRect().left - EDGE.left) / (width() - EDGE.left - EDGE.right)
    setAt(Math.min(count() - 1, Math.max(0, Math.round(share * (count() - 1)))))
  }
  const step = (event: KeyboardEvent) => {
    const last = count() - 1
    const now = at() ?? last
    const next = { ArrowLeft: Math.max(0, now - 1), ArrowRight: Math.min(last, now + 1), Home: 0, End: last }[event.key]
    if (event.key === 'Escape') setAt(undefined)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
  }
  return (
    <figure class="chart">
      <figcaption class="chart__head">
        <span class="strong">{props.name}</span> <span class="faint">{props.unit}</span>
        <ul class="chart__names">
          <For each={props.series}>{(each) => <li><Sample series={each} />{each.name}</li>}</For>
        </ul>
      </figcaption>
      <div class="chart__sheet" ref={sheet} tabindex="0" role="group" aria-label={`${props.name}, ${props.unit}. Arrow keys read it out.`}
        onPointerMove={point} onPointerLeave={() => setAt(undefined)} onKeyDown={step} onFocusOut={() => setAt(undefined)}>
        <svg width={width()} height={HEIGHT} viewBox={`0 0 ${width()} ${HEIGHT}`} aria-hidden="true">
          <For each={levels()}>
            {(level) => <><line class="chart__level" x1={EDGE.left} x2={width() - EDGE.right} y1={y(level)} y2={y(level)} /><text class="chart__word" x={EDGE.left - 8} y={y(level) + 4} text-anchor="end">{(props.level ?? props.format)(level)}</text></>}
          </For>
          <For each={momentsOf(from(), to(), Math.max(2, Math.floor(width() / 110))).filter((moment) => xOf(moment) < width() - WORD / 2)}>
            {(moment) => <text class="chart__word" x={xOf(moment)} y={HEIGHT - 5} text-anchor="middle">{time(new Date(moment).toISOString()).slice(0, 8)}</text>}
          </For>
          <For each={marks()}>
            {(mark) => <rect class="chart__mark" classList={{ 'chart__mark--moment': mark.to_ms === undefined }} x={xOf(mark.from_ms)} width={Math.max(2, xOf(mark.to_ms ?? mark.from_ms) - xOf(mark.from_ms))} y={EDGE.top} height={HEIGHT - EDGE.top - EDGE.bottom} />}
          </For>
          <For each={words()}>{(word) => <text class="chart__word chart__word--mark" x={word.x} y={EDGE.top - 3 + word.line * LINE}>{word.name}</text>}</For>
          <For each={props.series}>{(each) => <Drawn series={each} x={x} y={y} wide={(width() - EDGE.left - EDGE.right) / Math.max(1, count())} />}</For>
          <For each={dots()}>
            {(dot) => <circle class="chart__example" cx={xOf(dot.at_ms)} cy={y(dot.value)} r="4" onClick={() => { location.hash = dot.href }}><title>{dot.name}</title></circle>}
          </For>
          <Show when={at()}>{(index) => <line class="chart__here" x1={x(index())} x2={x(index())} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} />}</Show>
        </svg>
      </div>
      <p class="chart__said" aria-live="polite"><Said at={at()} chart={props} marks={marks()} /></p>
      <Numbers chart={props} />
    </figure>
  )
}

/** Ways of being dashed; behind them the same ones in another tone. */
const DASHES = 4

const lineLook = (series: Series) => ({
  'chart__drawn--bad': series.bad ?? false,
  [`chart__line--dash${(series.nth ?? 0) % DASHES}`]: true,
  'chart__line--pale': (series.nth ?? 0) >= DASHES,
})

function Sample(props: { series: Series }) {
  return (
    <Show when={props.series.nth !== undefined} fallback={<i class={`chart__sample chart__sample--${props.series.shape}`} classList={{ 'chart__sample--bad': props.series.bad ?? false }} aria-hidden="true" />}>
      <svg width="28" height="6" aria-hidden="true"><line class="chart__line" classList={lineLook(props.series)} x1="0" x2="28" y1="3" y2="3" /></svg>
    </Show>
  )
}

function Drawn(props: { series: Series; x: (index: number) => number; y: (value: number) => number; wide: number }) {
  const runs = () => runsOf(props.series.values)
  const look = () => ({ 'chart__drawn--bad': props.series.bad ?? false })
  if (props.series.shape === 'bars') {
    const thick = () => Math.max(2, props.wide * 0.6)
    return (
      <For each={runs().flat().filter(({ value }) => value > 0)}>
        {({ at, value }) => <rect class="chart__bar" classList={look()} x={props.x(at) - thick() / 2} width={thick()} y={props.y(value)} height={Math.max(1, props.y(0) - props.y(value))} />}
      </For>
    )
  }
  const line = (run: { at: number; value: number }[]) => run.map(({ at, value }) => `${props.x(at).toFixed(1)},${props.y(value).toFixed(1)}`).join(' ')
  // A value alone between two gaps would be a line without length.
  const short = (run: { at: number; value: number }[]) => run.length === 1
  return (
    <For each={runs()}>
      {(run) => (
        <>
          <Show when={props.series.shape === 'area'}><polygon class="chart__area" classList={look()} points={`${props.x(run[0]?.at ?? 0)},${props.y(0)} ${line(run)} ${props.x(run.at(-1)?.at ?? 0)},${props.y(0)}`} /></Show>
          <polyline class="chart__line" classList={lineLook(props.series)} points={line(run)} />
          <Show when={short(run)}><circle class="chart__dot" classList={look()} cx={props.x(run[0]?.at ?? 0)} cy={props.y(run[0]?.value ?? 0)} r="2" /></Show>
        </>
      )}
    </For>
  )
}

const said = (value: number | undefined, format: (value: number) => string) => (value === undefined ? 'nothing' : format(value))

function Said(props: { at: number | undefined; chart: ChartProps; marks: readonly Mark[] }) {
  const words = () => {
    const at = props.at
    const moment = at === undefined ? undefined : props.chart.times[at]
    if (at === undefined || moment === undefined) return ''
    const values = props.chart.series.map((each) => `${each.name} ${said(each.values[at], props.chart.format)}`)
    const step = (props.chart.times[1] ?? moment) - (props.chart.times[0] ?? moment)
    const during = props.marks.filter((mark) => mark.from_ms <= moment && (mark.to_ms ?? mark.from_ms + step - 1) >= moment).map((mark) => mark.name)
    return [time(new Date(moment).toISOString()).slice(0, 8), ...values, ...during].join(' · ')
  }
  return <>{words()}</>
}

/** Built only while it is open: a chart of an hour has hundreds of rows. */
function Numbers(props: { chart: ChartProps }) {
  const [open, setOpen] = createSignal(false)
  return (
    <details class="chart__table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      <Show when={open()}>
        <Table label={`${props.chart.name} as a table`} lines rows={props.chart.times.map((moment, at) => ({ moment, at })).reverse()} key={(row) => String(row.moment)}
          columns={[
            { name: 'Time', names: true, cell: (row) => <span class="mono">{time(new Date(row().moment).toISOString()).slice(0, 8)}</span> },
            ...props.chart.series.map((each, which) => ({ name: each.name, number: true, cell: (row: () => { at: number }) => said(props.chart.series[which]?.values[row().at], props.chart.format) })),
          ]}
          empty="Nothing yet." />
      </Show>
    </details>
  )
}
