//! Types of `generate.mjs`.

export function generate(): Promise<{ name: string; text: string }[]>
export function stale(): Promise<string[]>
