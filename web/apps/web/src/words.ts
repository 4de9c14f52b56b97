//! Numbers and codes as people say them.

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} sec`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `2026-05-01` as 1 May 2026, wherever it is read: a day has no zone. */
export const day = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

export const age = (years: number): string => (years === 0 ? 'All ages' : `From ${years}`)

export function language(tag: string): string {
  if (tag === 'zxx') return 'No words'
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

export function ago(then: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(then)) / 1000)
  if (seconds < 90) return 'just now'
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes ago`
  if (seconds < 129600) return `${Math.round(seconds / 3600)} hours ago`
  return `${Math.round(seconds / 86400)} days ago`
}

/** Position in a film: 1:05, or 1:02:09 once it needs hours. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** The same, read out: "1 minute 5 seconds". */
export function spokenClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const say = (value: number, unit: string) => (value === 0 ? '' : `${value} ${unit}${value === 1 ? '' : 's'} `)
  const said = say(Math.floor(whole / 3600), 'hour') + say(Math.floor(whole / 60) % 60, 'minute') + say(whole % 60, 'second')
  return said.trim() || '0 seconds'
}

/** This browser, in words short enough for a list of sessions. */
export function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome'
    : /Safari\//.test(agent) ? 'Safari' : 'Browser'
  const system = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Windows/.test(agent) ? 'Windows'
    : /Mac OS X/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : undefined
  return system ? `${browser} on ${system}` : browser
}
