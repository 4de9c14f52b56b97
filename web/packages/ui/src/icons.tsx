//! The few pictures that stand for words, drawn on a 24 grid. Always beside or instead of a label that is read out.

const draw = (d: string, filled = false) => () => (
  <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" fill={filled ? 'currentColor' : 'none'}
    stroke={filled ? 'none' : 'currentColor'} stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">
    <path d={d} />
  </svg>
)

export const PlayIcon = draw('M7 4.6v14.8a.8.8 0 0 0 1.2.7l12-7.4a.8.8 0 0 0 0-1.4l-12-7.4A.8.8 0 0 0 7 4.6z', true)
export const PauseIcon = draw('M6.5 4h3.4c.4 0 .6.2.6.6v14.8c0 .4-.2.6-.6.6H6.5c-.4 0-.6-.2-.6-.6V4.6c0-.4.2-.6.6-.6zm7.6 0h3.4c.4 0 .6.2.6.6v14.8c0 .4-.2.6-.6.6h-3.4c-.4 0-.6-.2-.6-.6V4.6c0-.4.2-.6.6-.6z', true)
export const BackIcon = draw('M20 12H4.5M11 5l-7 7 7 7')
export const NextIcon = draw('M9 5l7 7-7 7')
export const PreviousIcon = draw('M15 5l-7 7 7 7')
export const RewindIcon = draw('M4 4.5v5h5M4.6 9.5A8 8 0 1 1 4 13.5')
export const ForwardIcon = draw('M20 4.5v5h-5M19.4 9.5a8 8 0 1 0 .6 4')
export const SoundIcon = draw('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.6 7.6 0 0 1 0 11')
export const MutedIcon = draw('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5')
export const CaptionsIcon = draw('M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM10.5 10.6a2.2 2.2 0 1 0 0 2.8M17 10.6a2.2 2.2 0 1 0 0 2.8')
export const FullScreenIcon = draw('M4 9V5.5C4 4.7 4.7 4 5.5 4H9M15 4h3.5c.8 0 1.5.7 1.5 1.5V9M20 15v3.5c0 .8-.7 1.5-1.5 1.5H15M9 20H5.5c-.8 0-1.5-.7-1.5-1.5V15')
export const SmallScreenIcon = draw('M9 4v3.5C9 8.3 8.3 9 7.5 9H4M20 9h-3.5C15.7 9 15 8.3 15 7.5V4M15 20v-3.5c0-.8.7-1.5 1.5-1.5H20M4 15h3.5c.8 0 1.5.7 1.5 1.5V20')
export const PersonIcon = draw('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0')
export const AgainIcon = draw('M20 5v5h-5M19.6 10A8 8 0 1 0 20 14')
