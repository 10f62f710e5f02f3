// Where files come from: bytes, a path in Node, an address anywhere.
import { readFile } from '../engine/files'
import { HebbError, shown } from '../errors'
import { concatenate } from './collate'

/** The bytes of a file, its path (Node) or its address. */
export type Source = string | URL | Uint8Array

/** What unpacking may make of a small file, so that a hostile one cannot fill the memory. */
const MOST_UNPACKED = 2 ** 30

/** What a source is called in messages. */
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

/** The bytes of a source, unpacked where they are gzip. */
export async function bytesOf(source: Source, name: string): Promise<Uint8Array> {
  const bytes = source instanceof Uint8Array ? source : await readFile(source, name)
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, name) : bytes
}

async function gunzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const unpacked = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader()
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (let part = await unpacked.read(); !part.done; part = await unpacked.read()) {
      parts.push(part.value)
      size += part.value.length
      if (size > MOST_UNPACKED) break
    }
  } catch (error) {
    throw new HebbError('file', `${name} is damaged gzip after ${size} unpacked bytes: ${error}`)
  }
  if (size > MOST_UNPACKED) {
    await unpacked.cancel()
    throw new HebbError('file', `${name} unpacks to more than ${MOST_UNPACKED} bytes: unpack it yourself`)
  }
  return concatenate(true, parts) as Uint8Array
}
