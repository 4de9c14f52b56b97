//! Requests in each of the last sixty seconds, as a line; its last value and its peak are said in words beside it.

export function Sparkline(props: { values: number[]; label: string }) {
  const [width, height] = [132, 30]
  const peak = () => Math.max(1, ...props.values)
  const points = () => props.values.map((value, at) => {
    const x = (at / Math.max(1, props.values.length - 1)) * width
    return `${x.toFixed(1)},${(height - 2 - (value / peak()) * (height - 4)).toFixed(1)}`
  }).join(' ')
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img"
      aria-label={`${props.label}, peak ${Math.max(0, ...props.values)} in a second`}>
      <polyline points={points()} />
    </svg>
  )
}
