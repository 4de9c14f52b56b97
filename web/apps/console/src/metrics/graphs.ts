//! What is drawn of a metric: one chart for rates, one for how long. Pure.

import type { Graph, GraphLine } from '@bijou/api-client/console.ts'
import type { Dot } from '../parts/Chart.tsx'
import { fragmentOf } from '../places.ts'
import { ms, rate } from '../words.ts'

/** More lines than that cannot be told apart. */
export const LINES_MAX = 8

export interface Sheet {
  name: string
  unit: string
  format: (value: number) => string
  lines: { name: string; values: (number | undefined)[] }[]
  leftOut: number
}

/** The end of each step, in milliseconds. */
export const timesOf = (graph: Graph): number[] => {
  const first = Date.parse(graph.first_at)
  return (graph.lines[0]?.values ?? []).map((_, at) => first + at * graph.step_s * 1000)
}

const nameOf = (line: GraphLine, alone: boolean): string => {
  const labels = Object.values(line.labels).join(' ')
  return alone ? labels || line.stat : [labels, line.stat].filter(Boolean).join(' ')
}

function sheet(name: string, unit: string, format: (value: number) => string, lines: GraphLine[]): Sheet[] {
  const alone = new Set(lines.map((line) => line.stat)).size <= 1
  const shown = lines.slice(0, LINES_MAX).map((line) => ({ name: nameOf(line, alone), values: line.values.map((value) => value ?? undefined) }))
  return lines.length === 0 ? [] : [{ name, unit, format, lines: shown, leftOut: lines.length - shown.length }]
}

export function sheetsOf(graph: Graph): Sheet[] {
  const rates = graph.lines.filter((line) => line.stat === 'rate')
  const others = graph.lines.filter((line) => line.stat !== 'rate')
  const inSeconds = graph.unit === 'seconds'
  const counted = graph.kind === 'histogram' || graph.unit === '' ? 'a second' : `${graph.unit} a second`
  return [
    ...sheet('Rate', counted, graph.kind === 'histogram' || graph.unit === '' ? rate : (value) => `${number(value)}/s`, rates),
    ...sheet(graph.kind === 'gauge' ? 'Value' : 'Quantiles', inSeconds ? 'milliseconds' : graph.unit || 'a number', inSeconds ? (value) => ms(value * 1000) : number, others),
  ]
}

/** Measurements that say which request they were, as dots among the quantiles. */
export const dotsOf = (graph: Graph, format: (value: number) => string): Dot[] =>
  graph.exemplars.map((each) => ({ at_ms: Date.parse(each.at), value: each.value, href: fragmentOf({ kind: 'story', id: each.trace_id }), name: `${format(each.value)}: its request` }))

/** Four digits at most, with what they count by. */
export function number(value: number): string {
  const steps = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const
  for (const [step, letter] of steps) if (Math.abs(value) >= step * 10 ** (letter === 'k' ? 1 : 0)) return `${(value / step).toFixed(1)}${letter}`
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
