// Zip archives, as `.keras` files are. All fields are checked, because a file may be damaged or hostile.
//
//   [local header, data] …  [central directory: an entry of 46 bytes and a name for each file]  [its end: 22 bytes, a comment]
import { unpacked } from '../../data/formats/source'
import { damaged } from './damaged'

const ENTRY = 46
const END = 22
const MAX_COMMENT = 0xffff
/** How much smaller deflate can make something. */
const MAX_RATIO = 1032
const [STORED, DEFLATED] = [0, 8]

/** A file of an archive. */
interface Entry {
  method: number
  checksum: number
  size: number
  packed: Uint8Array
}

/** The files of an archive by their names; each is unpacked when it is asked for. */
export class Zip {
  readonly #entries = new Map<string, Entry>()

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    try {
      const end = endOf(view)
      let at = view.getUint32(end + 16, true)
      for (let left = view.getUint16(end + 10, true); left > 0; left--) {
        if (view.getUint32(at, true) !== 0x02014b50) damaged('the directory of the archive is broken')
        const nameLength = view.getUint16(at + 28, true)
        const name = new TextDecoder().decode(bytes.subarray(at + ENTRY, at + ENTRY + nameLength))
        if (view.getUint16(at + 8, true) & 1) damaged(`"${name}" is encrypted`)
        const from = dataOf(view, view.getUint32(at + 42, true))
        const packed = bytes.subarray(from, from + view.getUint32(at + 20, true))
        this.#entries.set(name, {
          method: view.getUint16(at + 10, true),
          checksum: view.getUint32(at + 16, true),
          size: view.getUint32(at + 24, true),
          packed,
        })
        at += ENTRY + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
      }
    } catch (error) {
      if (error instanceof RangeError) damaged('the archive ends too early')
      throw error
    }
  }

  /** The bytes of a file, at most `most`. */
  async file(name: string, most: number): Promise<Uint8Array> {
    const entry = this.#entries.get(name) ?? damaged(`the archive has no "${name}"`)
    const { method, size, packed, checksum } = entry
    if (size > most || size > MAX_RATIO * (packed.length + 1)) damaged(`"${name}" claims ${size} bytes`)
    if (method !== STORED && method !== DEFLATED) damaged(`"${name}" is packed by the method ${method}`)
    const bytes = method === STORED ? packed : await inflated(name, packed, size)
    if (bytes.length !== size) damaged(`"${name}" has ${bytes.length} bytes instead of ${size}`)
    if (crc32(bytes) !== checksum) damaged(`the checksum of "${name}" is wrong`)
    return bytes
  }
}

/** Where the end of the central directory is. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - END - MAX_COMMENT)
  for (let at = view.byteLength - END; at >= first; at--)
    if (view.getUint32(at, true) === 0x06054b50) return at
  return damaged('the archive has no directory')
}

/** Where the data after a local header begins. */
function dataOf(view: DataView, at: number): number {
  if (view.getUint32(at, true) !== 0x04034b50)
    damaged('a file of the archive is not where its directory says')
  return at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
}

async function inflated(name: string, packed: Uint8Array, size: number): Promise<Uint8Array> {
  const all = new Uint8Array(size)
  let to = 0
  try {
    for await (const piece of unpacked(new Blob([packed as Uint8Array<ArrayBuffer>]), 'deflate-raw')) {
      all.set(piece, to)
      to += piece.length
    }
  } catch (error) {
    damaged(`"${name}" cannot be unpacked: ${(error as Error).message}`)
  }
  return all.subarray(0, to)
}

let table: Uint32Array | undefined

/** The checksum of zip and PNG: x³² + x²⁶ + … + 1, bit by bit from the lowest. */
export function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
    return rest
  })
  let rest = ~0
  for (const byte of bytes) rest = (rest >>> 8) ^ table[(rest ^ byte) & 255]!
  return ~rest >>> 0
}
