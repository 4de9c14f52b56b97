//! One real film for the mock: separate audio and two pictures in CMAF, made once by ffmpeg.
//! Kept in the system's temporary folder; without ffmpeg, playing answers 503 and the rest of the mock works.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const filmFolder = join(tmpdir(), 'bijou-mock-film-2')
export const DURATION_S = 24

const CAPTIONS = `WEBVTT

00:00:01.000 --> 00:00:06.000
(A match is struck.)

00:00:07.000 --> 00:00:12.000
Somebody lit this one for you.

00:00:13.000 --> 00:00:23.000
Keep it out of the wind.
`

const CAPTIONS_DE = CAPTIONS
  .replace('(A match is struck.)', '(Ein Streichholz wird angerissen.)')
  .replace('Somebody lit this one for you.', 'Das hier hat jemand für dich angezündet.')
  .replace('Keep it out of the wind.', 'Halte es aus dem Wind.')

function ffmpeg(args: string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: 'inherit' })
    child.once('error', failed)
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`ffmpeg ended with ${code}`))))
  })
}

async function make(): Promise<void> {
  await mkdir(filmFolder, { recursive: true })
  const picture = `gradients=s=640x360:d=${DURATION_S}:speed=0.03:c0=0x2b2350:c1=0xffb648:c2=0x4a1f33:n=3,format=yuv420p`
  await ffmpeg([
    '-f', 'lavfi', '-i', picture,
    '-f', 'lavfi', '-i', `sine=frequency=220:duration=${DURATION_S}`,
    '-f', 'lavfi', '-i', `sine=frequency=330:duration=${DURATION_S}`,
    '-map', '0:v', '-map', '0:v', '-map', '1:a', '-map', '2:a',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0',
    '-b:v:0', '600k', '-b:v:1', '250k', '-s:v:1', '426x240', '-c:a', 'aac', '-b:a', '96k',
    '-f', 'hls', '-hls_time', '4', '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4',
    '-hls_fmp4_init_filename', 'init-%v.mp4', '-hls_segment_filename', join(filmFolder, 'v%v-%d.m4s'),
    '-master_pl_name', 'ffmpeg.m3u8', '-var_stream_map', 'v:0,agroup:a v:1,agroup:a a:0,agroup:a a:1,agroup:a',
    join(filmFolder, 'v%v.m3u8'),
  ])
  await writeFile(join(filmFolder, 'en.vtt'), CAPTIONS)
  await writeFile(join(filmFolder, 'de.vtt'), CAPTIONS_DE)
  for (const language of ['en', 'de']) {
    await writeFile(join(filmFolder, `${language}.m3u8`),
      `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:${DURATION_S}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:${DURATION_S}.0,\n${language}.vtt\n#EXT-X-ENDLIST\n`)
  }
  const groups = 'AUDIO="a",SUBTITLES="s",CODECS="avc1.42c01e,mp4a.40.2"'
  await writeFile(join(filmFolder, 'master.m3u8'), [
    '#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Original",LANGUAGE="zxx",DEFAULT=YES,AUTOSELECT=YES,URI="v2.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="v3.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,URI="en.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="Deutsch",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,URI="de.m3u8"',
    `#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,${groups}`, 'v0.m3u8',
    `#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=426x240,${groups}`, 'v1.m3u8', '',
  ].join('\n'))
}

let making: Promise<boolean> | undefined

/** True when the film is there to be played. */
export function filmReady(): Promise<boolean> {
  if (existsSync(join(filmFolder, 'master.m3u8'))) return Promise.resolve(true)
  making ??= make().then(() => true, () => false)
  return making
}
