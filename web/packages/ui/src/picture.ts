//! The sizes the catalog prints pictures in, so that a browser fetches the one that fits: `/img/{id}/{role}/{spec}/{hash}`.
//!
//! An address of another shape is used as it is.

const WIDTHS: Record<string, readonly number[]> = { poster: [240, 480, 960], backdrop: [640, 1280, 1920], still: [640, 1280, 1920] }

const ADDRESS = /^(\/img\/[^/]+\/([a-z]+)\/)w\d+(\/[^/]+)$/

export function srcsetOf(url: string): string | undefined {
  const [, before, role, after] = ADDRESS.exec(url) ?? []
  const widths = role === undefined ? undefined : WIDTHS[role]
  return widths?.map((width) => `${before}w${width}${after} ${width}w`).join(', ')
}
