//! An answer's body as it is looked at. Pure.

/** More would only make the page slow. */
export const SHOWN_MAX = 20_000

/** JSON in lines; anything else as it came; the end left out. */
export function shown(body: string): string {
  let text = body
  try {
    text = JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    // Lines of JSON and XML are shown as they are.
  }
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n… ${text.length - SHOWN_MAX} characters more` : text
}

/** Sizes as people say them. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
