// Where weights come from, read in pieces: a path in Node, a Blob, bytes, or an address.
import type { Source } from '../data/formats/source'
import { builtin } from '../engine/platform'
import { HebbError } from '../errors'

/** A file of weights: its bytes, its path (Node), its URL, or a browser's `File`. */
export type WeightsSource = Source | Blob

/** A file that is read from its beginning to its end. */
export interface Pieces {
  /** Bytes. */
  size: number
  /** The pieces, of any length. */
  pieces: AsyncIterable<Uint8Array>
}

/** Bytes that are read at once. */
const PIECE_BYTES = 1 << 20

/** The address, if the source is one that is fetched. */
export function addressOf(source: WeightsSource): URL | undefined {
  if (source instanceof Uint8Array || source instanceof Blob) return undefined
  const isAddress = /^(https?|blob|data):/.test(String(source))
  if (isAddress) return new URL(String(source))
  // In a page a path is relative to the page.
  return builtin('node:fs') ? undefined : new URL(String(source), globalThis.location?.href)
}

/** Opens a source that is not fetched. */
export async function openLocal(source: WeightsSource, name: string): Promise<Pieces> {
  if (source instanceof Uint8Array) return { size: source.length, pieces: slices(source) }
  if (source instanceof Blob) return { size: source.size, pieces: readAll(source.stream(), name) }
  const fs = builtin<typeof import('node:fs')>('node:fs')!
  const path = source instanceof URL || /^file:/.test(source) ? new URL(source) : source
  try {
    const { size } = await fs.promises.stat(path)
    return { size, pieces: fs.createReadStream(path, { highWaterMark: PIECE_BYTES }) }
  } catch (error) {
    throw new HebbError('file', `${name} could not be read: ${(error as Error).message}`)
  }
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

/** An answer of a server. */
export interface Fetched extends Pieces {
  /** The first byte of the pieces in the file: above 0 if the server continues a file. */
  from: number
}

/** Fetches a file from byte `from` on, if the server can, else from its beginning. */
export async function fetchFrom(url: URL, from: number, signal?: AbortSignal): Promise<Fetched> {
  const answer = await fetch(url, {
    ...(from > 0 && { headers: { range: `bytes=${from}-` } }),
    ...(signal && { signal }),
  }).catch((error: Error) => {
    if (signal?.aborted) throw error
    throw new HebbError('file', `${url} could not be fetched: ${error.message}`)
  })
  // There is nothing after the last byte.
  if (answer.status === 416 && from > 0) return { from, size: from, pieces: slices(new Uint8Array()) }
  if (!answer.ok || !answer.body) throw new HebbError('file', `${url} was answered with ${answer.status}`)
  const start = answer.status === 206 ? from : 0
  const length = Number(answer.headers.get('content-length') ?? Number.NaN)
  // A compressed answer has another length than the file.
  const size = answer.headers.get('content-encoding') ? Number.NaN : start + length
  return { from: start, size, pieces: readAll(answer.body, `${url}`) }
}

/** The pieces of a stream: an iterator, which streams are not in every browser. */
export async function* readAll(
  body: ReadableStream<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new HebbError(
      'file',
      `${name} broke off: ${(error as Error).message}; the next attempt goes on from there`,
    )
  } finally {
    await reader.cancel().catch(() => {})
  }
}
