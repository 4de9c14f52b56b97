//! A playback in the player's own words (CMCD), as one line.

import type { SessionStory } from '@bijou/api-client/console.ts'

type Playback = SessionStory['playbacks'][number]
type Span = { least: number, most: number }

const between = ({ least, most }: Span) => (least === most ? `${most}` : `${least} to ${most}`)

/** Bitrate, throughput, buffer and starvation; nothing when the player sent no CMCD. */
export function playerWords({ cmcd }: Pick<Playback, 'cmcd'>): string {
  if (!cmcd) return ''
  return [
    cmcd.bitrate_kbps && `asked for ${between(cmcd.bitrate_kbps)} kbit/s`,
    cmcd.throughput_kbps && `measured ${between(cmcd.throughput_kbps)} kbit/s`,
    cmcd.buffer_ms && `${between(cmcd.buffer_ms)} ms ahead`,
    cmcd.starved > 0 && `starved ${cmcd.starved} ×`,
  ].filter(Boolean).join(', ')
}
