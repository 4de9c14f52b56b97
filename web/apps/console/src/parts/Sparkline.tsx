//! A rate over the last minutes as a line, with what was broken on purpose behind it; its last value and its peak are said in words.

import { For } from 'solid-js'
import { drawnOf, HEIGHT, WIDTH, type Span, type Spot } from './spark.ts'

export function Sparkline(props: { spots: readonly Spot[]; marks: readonly Span[]; label: string }) {
  const drawn = () => drawnOf(props.spots, props.marks)
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img"
      aria-label={`${props.label}, peak ${drawn().peak.toFixed(1)} a second${drawn().marks.length === 0 ? '' : '; something was broken on purpose meanwhile'}`}>
      <For each={drawn().marks}>{(mark) => <rect class="sparkline__mark" x={mark.x} y="0" width={mark.width} height={HEIGHT} />}</For>
      <polyline points={drawn().points} />
    </svg>
  )
}
