//! What each key means while a film is shown. Pure: from a key to a command.

export type Command =
  | { kind: 'toggle-play' }
  | { kind: 'seek-by'; seconds: number }
  | { kind: 'seek-to'; fraction: number }
  | { kind: 'volume-by'; amount: number }
  | { kind: 'toggle-sound' }
  | { kind: 'toggle-captions' }
  | { kind: 'toggle-full-screen' }
  | { kind: 'leave' }

export interface Pressed { key: string; onButton: boolean; onSlider: boolean; fullScreen: boolean }

export function commandFor({ key, onButton, onSlider, fullScreen }: Pressed): Command | undefined {
  if (onSlider && (key.startsWith('Arrow') || key === 'Home' || key === 'End')) return undefined
  // A focused button is pressed by these; the film must not stop as well.
  if (onButton && (key === ' ' || key === 'Enter')) return undefined
  if (key >= '0' && key <= '9' && key.length === 1) return { kind: 'seek-to', fraction: Number(key) / 10 }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case ' ': case 'k': case 'MediaPlayPause': return { kind: 'toggle-play' }
    case 'ArrowLeft': return { kind: 'seek-by', seconds: -10 }
    case 'ArrowRight': return { kind: 'seek-by', seconds: 10 }
    case 'j': return { kind: 'seek-by', seconds: -10 }
    case 'l': return { kind: 'seek-by', seconds: 10 }
    case 'ArrowUp': return { kind: 'volume-by', amount: 0.1 }
    case 'ArrowDown': return { kind: 'volume-by', amount: -0.1 }
    case 'Home': return { kind: 'seek-to', fraction: 0 }
    case 'm': return { kind: 'toggle-sound' }
    case 'c': return { kind: 'toggle-captions' }
    case 'f': return { kind: 'toggle-full-screen' }
    // The browser itself leaves full screen by Escape; the second one leaves the film.
    case 'Escape': return fullScreen ? undefined : { kind: 'leave' }
    case 'GoBack': case 'BrowserBack': return { kind: 'leave' }
    default: return undefined
  }
}
