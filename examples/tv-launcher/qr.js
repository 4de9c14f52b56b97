//! A QR code (ISO/IEC 18004) of a short address, so that a telephone need not type it: bytes, error correction L, versions 1
//! to 5, which have one block of data. Left out: longer texts, and the choice of the best of eight masks: cameras read any.

/** Bytes of data and of error correction, by version. */
const SIZES = [[19, 7], [34, 10], [55, 15], [80, 20], [108, 26]]
/** Error correction L and mask 0, with their own check bits. */
const FORMAT = 0x77c4

/** `text` as rows of dark (true) and light modules; `undefined` when it is too long. */
export function qr(text) {
  const bytes = new TextEncoder().encode(text)
  const version = SIZES.findIndex(([data]) => bytes.length + 2 <= data) + 1
  if (version === 0) return undefined
  const [dataBytes, checkBytes] = SIZES[version - 1]
  const data = packed(bytes, dataBytes)
  const { modules, taken } = patterns(version)
  place(modules, taken, [...data, ...checks(data, checkBytes)])
  return modules
}

/** Mode 4 (bytes), the length, the bytes, an end, and padding. */
function packed(bytes, length) {
  const bits = [0, 1, 0, 0, ...bitsOf(bytes.length), ...[...bytes].flatMap(bitsOf), 0, 0, 0, 0]
  const data = []
  for (let at = 0; at + 8 <= bits.length; at += 8) data.push(bits.slice(at, at + 8).reduce((sum, bit) => sum * 2 + bit, 0))
  for (let pad = 0xec; data.length < length; pad ^= 0xec ^ 0x11) data.push(pad)
  return data
}

const bitsOf = (byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1)

/** A product in the field of 256 elements that the code calculates in. */
function times(a, b) {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a)
  return product
}

/** Reed and Solomon: the rest of the data divided by (x - 1)(x - 2)(x - 4).. */
function checks(data, length) {
  let divisor = [1]
  for (let at = 0, root = 1; at < length; at += 1, root = times(root, 2)) {
    divisor = [...divisor, 0].map((each, place) => each ^ (place > 0 ? times(divisor[place - 1], root) : 0))
  }
  const rest = [...data, ...Array(length).fill(0)]
  for (let at = 0; at < data.length; at += 1) {
    const factor = rest[at]
    divisor.forEach((each, place) => (rest[at + place] ^= times(each, factor)))
  }
  return rest.slice(data.length)
}

/** What is the same in every code of a size: three eyes, a fourth small one, two rulers, and the format. */
function patterns(version) {
  const size = 17 + 4 * version
  const modules = Array.from({ length: size }, () => Array(size).fill(false))
  const taken = Array.from({ length: size }, () => Array(size).fill(false))
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    modules[y][x] = dark
    taken[y][x] = true
  }
  for (let at = 0; at < size; at += 1) {
    set(at, 6, at % 2 === 0)
    set(6, at, at % 2 === 0)
  }
  const eye = (middleX, middleY, radius, light) => {
    for (let y = -radius; y <= radius; y += 1) {
      for (let x = -radius; x <= radius; x += 1) {
        const ring = Math.max(Math.abs(x), Math.abs(y))
        set(middleX + x, middleY + y, !light.includes(ring))
      }
    }
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) eye(x, y, 4, [2, 4])
  if (version > 1) eye(size - 7, size - 7, 2, [1])
  for (let at = 0; at < 15; at += 1) {
    const dark = ((FORMAT >> at) & 1) === 1
    if (at < 8) {
      set(8, at < 6 ? at : at + 1, dark)
      set(size - 1 - at, 8, dark)
    } else {
      set(at < 9 ? 7 : 14 - at, 8, dark)
      set(8, size - 15 + at, dark)
    }
  }
  set(8, size - 8, true)
  return { modules, taken }
}

/** Up and down in columns of two from the right; mask 0 turns every other module over. */
function place(modules, taken, bytes) {
  const bits = bytes.flatMap(bitsOf)
  const size = modules.length
  let next = 0
  for (let right = size - 1, upward = true; right > 0; right -= right === 8 ? 3 : 2, upward = !upward) {
    for (let step = 0; step < size; step += 1) {
      const y = upward ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (taken[y][x]) continue
        modules[y][x] = ((bits[next] ?? 0) === 1) !== ((x + y) % 2 === 0)
        next += 1
      }
    }
  }
}
