//! Twelve faces for profiles: a few shapes in the inks of the house, told apart by form as well as by colour.

import { createMemo, type JSX } from 'solid-js'
import type { AvatarName } from '@bijou/api-client/types.ts'
import './Avatar.css'

/** Ground, ink, second ink. */
type Inks = [ground: string, ink: string, second: string]

const DRAWN: Record<AvatarName, { inks: Inks; draw: (ink: string, second: string) => JSX.Element }> = {
  bulb: { inks: ['#5a3510', '#ffb648', '#ffe3b3'], draw: (ink, second) => <><circle cx="24" cy="21" r="9.5" fill={ink} /><path d="M19.5 28h9v4h-9z" fill={ink} /><path d="M20 33.5h8v2.5h-8z" fill={second} /><path d="M24 6v3M11 11l2 2M37 11l-2 2M8 22h3M37 22h3" stroke={second} stroke-width="2" stroke-linecap="round" /></> },
  ticket: { inks: ['#5c1f2e', '#f08ea3', '#fbe3d6'], draw: (ink, second) => <g transform="rotate(-14 24 24)"><path d="M9 16h30v5a3 3 0 0 0 0 6v5H9v-5a3 3 0 0 0 0-6z" fill={ink} /><path d="M29 17.5v13" stroke={second} stroke-width="1.8" stroke-dasharray="2.5 2.5" /><circle cx="19" cy="24" r="4" fill={second} /></g> },
  reel: { inks: ['#1f3546', '#8ec3d6', '#e9f1ee'], draw: (ink, second) => <><circle cx="24" cy="24" r="14" fill={ink} /><circle cx="24" cy="24" r="2.5" fill={second} /><g fill="#1f3546"><circle cx="24" cy="16" r="3.7" /><circle cx="31.6" cy="21.5" r="3.7" /><circle cx="28.7" cy="30.5" r="3.7" /><circle cx="19.3" cy="30.5" r="3.7" /><circle cx="16.4" cy="21.5" r="3.7" /></g></> },
  moon: { inks: ['#251f4a', '#f4e3b2', '#b8a8f0'], draw: (ink, second) => <><path d="M31 34.5A13.5 13.5 0 1 1 25 10.5a11 11 0 1 0 6 24z" fill={ink} /><circle cx="33" cy="15" r="1.8" fill={second} /><circle cx="37" cy="23" r="1.2" fill={second} /></> },
  comet: { inks: ['#14324a', '#ffb648', '#f2e7d0'], draw: (ink, second) => <><path d="M7 39L26 17l6 6z" fill={second} opacity=".85" /><circle cx="31" cy="17" r="7.5" fill={ink} /></> },
  fox: { inks: ['#3f4a2a', '#ec8a4b', '#fdf1e2'], draw: (ink, second) => <><path d="M9 11l9 6h12l9-6-2 14-13 14L11 25z" fill={ink} /><path d="M11 25l9 2 4 12zM37 25l-9 2-4 12z" fill={second} /><circle cx="19" cy="23" r="1.7" fill="#2a1408" /><circle cx="29" cy="23" r="1.7" fill="#2a1408" /><circle cx="24" cy="35" r="2" fill="#2a1408" /></> },
  owl: { inks: ['#3d2a52', '#c79be8', '#fff3df'], draw: (ink, second) => <><path d="M12 11c3 3 5 3 8 3h8c3 0 5 0 8-3v15a12 12 0 0 1-24 0z" fill={ink} /><circle cx="18.5" cy="22" r="5" fill={second} /><circle cx="29.5" cy="22" r="5" fill={second} /><circle cx="18.5" cy="22" r="2" fill="#251536" /><circle cx="29.5" cy="22" r="2" fill="#251536" /><path d="M24 25l2.5 4h-5z" fill="#ffb648" /></> },
  whale: { inks: ['#0f4450', '#7fd0cf', '#eafaf4'], draw: (ink, second) => <><path d="M7 26c0-7 6-10 13-10s12 4 13 9c3 0 4-2 4-5 3 1 5 4 4 8s-6 8-14 8H19C12 36 7 33 7 26z" fill={ink} /><path d="M9 30c5 2 13 2 18 0-2 4-6 6-10 6-4-1-7-3-8-6z" fill={second} /><circle cx="14.5" cy="24" r="1.6" fill="#072a32" /><path d="M18 13c0-3-3-3-3-5M18 13c0-3 3-3 3-5" stroke={second} stroke-width="2" fill="none" stroke-linecap="round" /></> },
  cactus: { inks: ['#58301f', '#8fc28a', '#f7d9b0'], draw: (ink, second) => <><path d="M20.5 36V13.5a3.5 3.5 0 0 1 7 0V36zM13 19v5.5a4 4 0 0 0 4 4h5M35 16v5.5a4 4 0 0 1-4 4h-5" fill="none" stroke={ink} stroke-width="5.5" stroke-linecap="round" /><path d="M20.5 36V13.5a3.5 3.5 0 0 1 7 0V36z" fill={ink} /><path d="M13 36h22l-2 5H15z" fill={second} /></> },
  teapot: { inks: ['#4c2440', '#f2c14e', '#fbe9c6'], draw: (ink, second) => <><path d="M14 21h19c0 11-3 15-6 15h-7c-3 0-6-4-6-15z" fill={ink} /><path d="M33 23c5-1 6 7-2 8M14 24c-4 0-5-5-8-6" fill="none" stroke={ink} stroke-width="3" stroke-linecap="round" /><path d="M16 19a8 4 0 0 1 15 0z" fill={second} /><circle cx="23.5" cy="13" r="2" fill={second} /></> },
  umbrella: { inks: ['#26414f', '#e6788f', '#fbe8dc'], draw: (ink, second) => <><path d="M8 25a16 16 0 0 1 32 0l-5-2-5.5 2-5.5-2-5.5 2-5.5-2z" fill={ink} /><path d="M24 9v-2.5M24 24v11a3.5 3.5 0 0 1-7 0" fill="none" stroke={second} stroke-width="2.5" stroke-linecap="round" /></> },
  kite: { inks: ['#1d4a3a', '#f4d35e', '#ee964b'], draw: (ink, second) => <><path d="M27 8l9 12-13 12-8-14z" fill={ink} /><path d="M27 8l-4 24-8-14z" fill={second} /><path d="M23 32c-4 2-1 5-5 6s-3 3-6 3" fill="none" stroke={ink} stroke-width="2" stroke-linecap="round" /></> },
}

/** For people who cannot see it, in forms where it is chosen. */
export const avatarWord = (name: AvatarName): string => name.charAt(0).toUpperCase() + name.slice(1)

export function Avatar(props: { name: AvatarName; large?: boolean }) {
  // A face of a newer platform: any of ours will do.
  const drawn = createMemo(() => DRAWN[props.name] ?? DRAWN.bulb)
  return (
    <svg class="avatar" classList={{ 'avatar--large': props.large ?? false }} viewBox="0 0 48 48" aria-hidden="true">
      <rect width="48" height="48" fill={drawn().inks[0]} />
      {drawn().draw(drawn().inks[1], drawn().inks[2])}
    </svg>
  )
}
