//! The keys of the letter pad, and what each makes of the words that are there. Pure.
//!
//! No accents: the search folds them, `e` finds `é`. No capitals either, for the same reason.

export const LETTERS = [...'abcdefghijklmnopqrstuvwxyz1234567890']

/** Wider keys below the letters. */
export const SPACE = 'space'
export const DELETE = 'delete'
export const CLEAR = 'clear'

/** As the search bounds a question. */
const LENGTH_MAX = 80

export function written(words: string, key: string): string {
  switch (key) {
    case CLEAR: return ''
    case DELETE: return [...words].slice(0, -1).join('')
    // A space before anything, or after a space, would change no answer.
    case SPACE: return words === '' || words.endsWith(' ') ? words : `${words} `
    default: return words.length < LENGTH_MAX ? words + key : words
  }
}
