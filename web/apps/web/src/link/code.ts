//! Codes as people type them.

/** `bcdf ghjk` is `BCDF-GHJK`; `undefined` for what cannot be one. */
export function tidy(text: string): string | undefined {
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, '')
  return /^[A-Z0-9]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : undefined
}
