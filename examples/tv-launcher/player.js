//! Plays a film in a `<video>`: HLS by Media Source Extensions, in the smallest form that is one. The manifest and its segments
//! need no header: what may be played is in their addresses.
//!
//! Left out, and what a player from the shelf has: changing the quality while it plays, subtitles, other languages, remedies
//! for a bad network. A television that plays HLS itself only needs `video.src = manifest`.

/** How much is loaded ahead, in seconds. */
const AHEAD_S = 30
/** How often the platform hears that somebody is watching, which keeps the place. */
const REPORT_MS = 30_000

/** `NAME=value` and `NAME="value"` of a tag. */
const attributes = (line) => Object.fromEntries([...line.matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, name, value]) => [name, value.replaceAll('"', '')]))

async function text(url, signal) {
  const answer = await fetch(url, { signal })
  if (!answer.ok) throw new Error(`a playlist answered ${answer.status}`)
  return answer.text()
}

/** The playlists to play: the best picture that fits the screen, and the first sound where it comes apart. */
async function tracks(master, lines_max, signal) {
  const lines = (await text(master, signal)).split('\n').map((line) => line.trim())
  const address = (uri) => new URL(uri, master).href
  const streams = lines.flatMap((line, at) => line.startsWith('#EXT-X-STREAM-INF:') ? [{ ...attributes(line), uri: lines[at + 1] }] : [])
  const height = (stream) => Number(stream.RESOLUTION?.split('x')[1] ?? 0)
  const fitting = streams.filter((stream) => height(stream) <= lines_max)
  const best = (fitting.length > 0 ? fitting : streams).sort((a, b) => height(b) - height(a) || b.BANDWIDTH - a.BANDWIDTH)[0]
  if (!best) throw new Error('the manifest names no picture')
  const codecs = best.CODECS.split(',')
  const isSound = (codec) => /^(mp4a|ac-3|ec-3|opus|fLaC)/.test(codec)
  const sound = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map(attributes).find((each) => each.TYPE === 'AUDIO' && each['GROUP-ID'] === best.AUDIO)
  if (!sound) return [{ url: address(best.uri), type: `video/mp4; codecs="${codecs}"` }]
  return [
    { url: address(best.uri), type: `video/mp4; codecs="${codecs.filter((codec) => !isSound(codec))}"` },
    { url: address(sound.URI), type: `audio/mp4; codecs="${codecs.filter(isSound)}"` },
  ]
}

/** Parts of a track: byte ranges of a file, the first being how it begins. */
async function parts(playlist, signal) {
  const found = []
  let [start, seconds, range, end] = [0, 0, undefined, 0]
  for (const line of (await text(playlist, signal)).split('\n').map((each) => each.trim())) {
    const bytes = (written) => {
      const [length, from] = written.split('@').map(Number)
      const first = from ?? end
      end = first + length
      return `bytes=${first}-${end - 1}`
    }
    if (line.startsWith('#EXT-X-MAP:')) {
      const map = attributes(line)
      found.push({ url: new URL(map.URI, playlist).href, range: map.BYTERANGE && bytes(map.BYTERANGE), start: 0, end: 0 })
    } else if (line.startsWith('#EXTINF:')) seconds = parseFloat(line.slice(8))
    else if (line.startsWith('#EXT-X-BYTERANGE:')) range = bytes(line.slice(17))
    else if (line && !line.startsWith('#')) {
      found.push({ url: new URL(line, playlist).href, range, start, end: start + seconds })
      ;[start, range] = [start + seconds, undefined]
    }
  }
  return found
}

const happens = (target, name, signal) => new Promise((done, failed) => {
  target.addEventListener(name, done, { once: true })
  signal.addEventListener('abort', () => failed(signal.reason), { once: true })
})

/** Loads what is needed where the film is, one part after the other. */
async function feed(video, buffer, track, signal) {
  const [first, ...rest] = await parts(track.url, signal)
  const add = async (part) => {
    const answer = await fetch(part.url, { signal, headers: part.range ? { range: part.range } : {} })
    if (!answer.ok) throw new Error(`a segment answered ${answer.status}`)
    buffer.appendBuffer(await answer.arrayBuffer())
    await happens(buffer, 'updateend', signal)
  }
  await add(first)
  const isThere = (part) => Array.from({ length: buffer.buffered.length }, (_, at) => at)
    .some((at) => buffer.buffered.start(at) <= part.start + 0.2 && buffer.buffered.end(at) >= part.end - 0.2)
  while (!signal.aborted) {
    const now = video.currentTime
    const next = rest.find((part) => part.end > now && part.start < now + AHEAD_S && !isThere(part))
    if (next) await add(next)
    else if (isThere(rest.at(-1))) return
    else await Promise.race([happens(video, 'timeupdate', signal), happens(video, 'seeking', signal)])
  }
}

/**
 * Plays a title, or an episode of it, until `signal` says that it is over; resolves when the first picture is wanted.
 * `failed` hears what goes wrong afterwards.
 */
export async function play(bijou, video, { title_id, episode_id }, signal, failed) {
  const session = await bijou.call('POST', '/v1/playbacks', { title_id, ...(episode_id && { episode_id }), device_name: 'Lantern TV' })
  const master = new URL(session.manifest.hls, bijou.address).href
  const source = new MediaSource()
  video.src = URL.createObjectURL(source)
  await happens(source, 'sourceopen', signal)
  source.duration = session.duration_s
  const playing = (await tracks(master, screen.height * devicePixelRatio, signal)).map((track) => [source.addSourceBuffer(track.type), track])
  if (session.resume_position_s) video.currentTime = session.resume_position_s
  Promise.all(playing.map(([buffer, track]) => feed(video, buffer, track, signal)))
    .then(() => source.readyState === 'open' && source.endOfStream())
    .catch((error) => signal.aborted || failed(error))

  const report = (kind, keepalive = false) => bijou.call('POST', session.events_url, { kind, position_s: video.currentTime }, { keepalive })
    // Another device may have taken the place, or the account's session may be over: then this one stops.
    .catch((error) => [401, 409, 410].includes(error.status) && failed(error))
  video.addEventListener('playing', () => void report('started'), { once: true, signal })
  const ticking = setInterval(() => void report('progress'), REPORT_MS)
  signal.addEventListener('abort', () => {
    clearInterval(ticking)
    void report('stopped', true)
    video.removeAttribute('src')
    video.load()
  })
}
