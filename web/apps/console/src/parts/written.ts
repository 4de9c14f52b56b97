//! A value as a person reads it: JSON in one line while it is short, else indented. Pure.

const LINE_MAX = 48

export function written(value: unknown): string {
  const line = JSON.stringify(value)
  if (line === undefined) return ''
  return line.length <= LINE_MAX ? line : JSON.stringify(value, null, 2)
}
