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
export const SearchIcon = draw('M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20.5 20.5')
export const PlusIcon = draw('M12 5v14M5 12h14')
export const CheckIcon = draw('M5 12.5l4.5 4.5L19 7.5')
export const CloseIcon = draw('M6 6l12 12M18 6L6 18')
export const MoreIcon = draw('M5.5 10.4a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zm6.5 0a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2zm6.5 0a1.6 1.6 0 1 1 0 3.2 1.6 1.6 0 0 1 0-3.2z', true)
export const LockIcon = draw('M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8.5 11V8a3.5 3.5 0 0 1 7 0v3')
export const PencilIcon = draw('M14.5 5.5l4 4L8.5 19.5l-4.5.5.5-4.5zM12.5 7.5l4 4')
export const ThumbUpIcon = draw('M7 10.5v9H4v-9zM7 10.5l4-7a2 2 0 0 1 2 2.3L12.5 9H18a2 2 0 0 1 2 2.4l-1.2 6.4a2 2 0 0 1-2 1.7H7')
export const ThumbDownIcon = draw('M17 13.5v-9h3v9zM17 13.5l-4 7a2 2 0 0 1-2-2.3l.5-3.2H6a2 2 0 0 1-2-2.4l1.2-6.4a2 2 0 0 1 2-1.7H17')
export const HeartIcon = draw('M12 20s-7.5-4.6-7.5-10.2A4.3 4.3 0 0 1 12 7.2a4.3 4.3 0 0 1 7.5 2.6C19.5 15.4 12 20 12 20z')
export const InfoIcon = draw('M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11.5V16M12 8v.1')
export const AudioIcon = draw('M4 14v-4M8 17V7M12 20V4M16 16V8M20 13.5v-3')
export const SkipIcon = draw('M5.5 5.5v13l9-6.5zM18.5 5.5v13')
export const BinIcon = draw('M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v6M13.7 10.5v6')
