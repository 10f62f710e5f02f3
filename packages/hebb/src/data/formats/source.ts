// Sources of files: bytes, a path in Node, a URL anywhere.
import { readFile } from '../../engine/files'
import { HebbError, shown } from '../../errors'

/** The bytes of a file, its path (Node) or its URL. */
export type Source = string | URL | Uint8Array

/** The most bytes of an unpacked file, so that a small hostile file cannot fill the memory. */
const MAX_UNPACKED_BYTES = 2 ** 30

/** Unpacked bytes that contain every header. */
const HEADER_BYTES = 32

/** Unpacked bytes between two turns of the event loop: some milliseconds, so that a page is not held up. */
const TURN_BYTES = 2 ** 22

/** The name of a source in messages. */
export function nameOf(source: Source, otherwise: string): string {
  if (source instanceof Uint8Array) return otherwise
  checkSource(source)
  const text = String(source)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function checkSource(source: unknown): void {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new HebbError('data', `a file is given by its path, its address or its bytes, got ${shown(source)}`)
  }
}

/** The most bytes of a file: a number, or a function of its first bytes (undefined if they are not a valid header). */
export type ByteLimit = number | ((head: Uint8Array) => number | undefined)

/** The bytes of a source; gzip is unpacked, to at most `most` bytes. */
export async function bytesOf(
  source: Source,
  name: string,
  most: ByteLimit = MAX_UNPACKED_BYTES,
): Promise<Uint8Array> {
  const bytes = source instanceof Uint8Array ? source : await readFile(source, name)
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, name, most) : bytes
}

/** Unpacks gzip into one array, whose size is in the last four bytes. */
async function gunzip(bytes: Uint8Array, name: string, most: ByteLimit): Promise<Uint8Array> {
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} ${why}`)
  }
  if (bytes.length < 18) refuse(`is damaged gzip: it has ${bytes.length} bytes`)
  const said = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true)
  let limit = typeof most === 'number' ? most : MAX_UNPACKED_BYTES
  if (said > limit)
    refuse(`is damaged gzip, or unpacks to ${said} bytes, more than ${limit}: unpack it yourself`)
  const all = new Uint8Array(said)
  let size = 0
  try {
    for await (const piece of unpacked(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'gzip')) {
      const needed = size + piece.length
      if (needed > said) refuse(`is damaged gzip: it unpacks to more than the ${said} bytes that it says`)
      all.set(piece, size)
      if (typeof most === 'function' && size < HEADER_BYTES && needed >= HEADER_BYTES) {
        const promised = most(all.subarray(0, needed))
        // The caller refuses a header that is not valid.
        if (promised === undefined) return all.subarray(0, needed)
        limit = promised
      }
      if (needed > limit) refuse(`unpacks to more than the ${limit} bytes that its header promises`)
      if (Math.trunc(needed / TURN_BYTES) > Math.trunc(size / TURN_BYTES))
        await new Promise((resolve) => setTimeout(resolve))
      size = needed
    }
  } catch (error) {
    if (error instanceof HebbError) throw error
    refuse(`is damaged gzip after ${size} unpacked bytes: ${error}`)
  }
  return all.subarray(0, size)
}

/** Unpacks compressed bytes piece by piece. */
export async function* unpacked(
  compressed: Blob,
  format: 'gzip' | 'deflate' | 'deflate-raw',
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = compressed.stream().pipeThrough(new DecompressionStream(format)).getReader()
  try {
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) yield piece.value
  } finally {
    await pieces.cancel().catch(() => {})
  }
}
