//! Whether what is shown moves with the platform: a lit dot, and always the word.

export function LiveDot(props: { connected: boolean; held: boolean }) {
  const state = () => (!props.connected ? 'Reconnecting' : props.held ? 'Held still' : 'Live')
  return <p class="live" classList={{ 'live--on': state() === 'Live' }} role="status"><i aria-hidden="true" />{state()}</p>
}
