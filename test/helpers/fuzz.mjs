// Damages files at random: each of them must load or be refused with a HebbError, soon.
import { randomFrom } from './onnxNetworks.mjs'

/** The ways to damage bytes; `next(n)` is a random number below n. */
const DAMAGES = [
  (bytes, next) => bytes.slice(0, next(bytes.length)),
  (bytes, next) => {
    const own = bytes.slice()
    for (let n = 1 + next(4); n > 0; n--) own[next(own.length)] ^= 1 << next(8)
    return own
  },
  (bytes, next) => {
    const own = bytes.slice()
    const at = next(own.length)
    own.fill(next(2) * 255, at, at + 1 + next(9))
    return own
  },
  (bytes, next) => {
    const [from, length, to] = [next(bytes.length), next(200), next(bytes.length)]
    const part = bytes.subarray(from, from + length)
    return Uint8Array.from([...bytes.subarray(0, to), ...part, ...bytes.subarray(to)])
  },
  (bytes, next) => {
    const [at, length] = [next(bytes.length), next(60)]
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)])
  },
  // A number of one byte becomes one of ten: a size, a length, a count.
  (bytes, next) => {
    const at = next(bytes.length)
    const huge = Array.from({ length: next(9) }, () => 128 + next(128))
    return Uint8Array.from([...bytes.subarray(0, at), ...huge, next(128), ...bytes.subarray(at + 1)])
  },
]

/**
 * Loads damaged files until the time is over; returns the counts, the longest time and the largest memory. `load` loads the bytes
 * as a network.
 */
export async function fuzz({ files, load, seed, seconds = Infinity, count = Infinity }) {
  const random = randomFrom(seed)
  const next = (n) => Math.floor(random() * n)
  const result = { files: 0, loaded: 0, refused: 0, slowestMs: 0, memoryMB: 0, failures: [] }
  const end = performance.now() + 1000 * seconds
  while (performance.now() < end && result.files < count) {
    result.files++
    let bytes = files[next(files.length)]
    for (let n = 1 + next(3); n > 0; n--) bytes = DAMAGES[next(DAMAGES.length)](bytes, next)
    const start = performance.now()
    try {
      const net = await load(bytes)
      net.dispose()
      result.loaded++
    } catch (error) {
      if (error.name === 'HebbError' && !['engine', 'engineLost'].includes(error.code)) result.refused++
      else result.failures.push([String(error.stack), Buffer.from(bytes).toString('base64')])
    }
    result.slowestMs = Math.max(result.slowestMs, performance.now() - start)
    if (result.files % 100 === 0) result.memoryMB = Math.max(result.memoryMB, process.memoryUsage.rss() / 1e6)
  }
  return result
}
