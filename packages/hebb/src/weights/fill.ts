// Fills a network's parameters from a safetensors file, piece by piece.
import type { TensorInfo } from '../engine/protocol'
import { HebbError } from '../errors'
import { FLOATS, readValues } from '../interop/safetensors'
import {
  headerLength,
  LENGTH_BYTES,
  parseHeader,
  refuse,
  type TensorEntry,
  WIDTHS,
} from '../interop/safetensorsHeader'
import type { Network } from '../network/network'
import { checkNames, checkShape } from '../network/parameters'
import { Cursor } from './cursor'
import type { Pieces } from './pieces'
import { startHash } from './sha256'

/** Values that are handed to the engine at once. */
const CHUNK_VALUES = 1 << 18

/** The checked options of a loading. */
export interface Loading {
  hash: string | undefined
  rename: (name: string) => string
  signal: AbortSignal | undefined
  report: (loaded: number, total: number) => void
}

/** Reads the whole file; its hash is checked at its end. */
export async function fill(net: Network, file: Pieces, { hash, rename, report }: Loading): Promise<void> {
  const sum = hash === undefined ? undefined : startHash()
  let loaded = 0
  const cursor = new Cursor(file, (piece) => {
    sum?.update(piece)
    loaded += piece.length
    report(loaded, file.size)
  })
  try {
    const entries = await readHeader(cursor, file.size)
    const tensors = match(net, entries, rename)
    for (const entry of entries.sort((a, b) => a.from - b.from))
      await fillTensor(net, cursor, entry, tensors.get(entry.name)!)
    if ((await cursor.next(1)).length > 0) refuse('it has more bytes than its tensors')
    const found = sum?.digest()
    if (found !== hash)
      throw new HebbError(
        'file',
        `the weights have the SHA-256 ${found}, not ${hash}: the file is damaged, or another`,
      )
  } finally {
    await cursor.close()
  }
}

async function readHeader(cursor: Cursor, size: number): Promise<TensorEntry[]> {
  // With the first byte of the header, by which other formats are told apart.
  const head = await cursor.exactly(LENGTH_BYTES + 1)
  const length = headerLength(head, Number.isNaN(size) ? Number.POSITIVE_INFINITY : size)
  const rest = await cursor.exactly(length - 1)
  if (rest.length < length - 1) refuse(`its header claims ${length} bytes`)
  const header = new Uint8Array(length)
  header.set(head.subarray(LENGTH_BYTES, LENGTH_BYTES + length))
  if (rest.length > 0) header.set(rest, 1)
  return parseHeader(header, size - LENGTH_BYTES - length, FLOATS).entries
}

/** The network's tensor for each of the file's. */
function match(
  net: Network,
  entries: readonly TensorEntry[],
  rename: (name: string) => string,
): Map<string, TensorInfo> {
  const { tensors } = net.description
  const own = new Map(entries.map((entry) => [rename(entry.name), entry]))
  const what = 'the weights of this file'
  checkNames([...own.keys()], tensors, what)
  return new Map(
    tensors.map((tensor) => {
      const { name, shape } = own.get(tensor.name)!
      checkShape(what, tensor, shape)
      return [name, tensor]
    }),
  )
}

async function fillTensor(
  net: Network,
  cursor: Cursor,
  { name, type, from, to }: TensorEntry,
  { offset, shape: [rows = 1], size }: TensorInfo,
): Promise<void> {
  const width = WIDTHS[type]!
  // Whole rows, of which each is encoded if weights are stored in fewer bits.
  const row = size / rows
  const chunk = width * row * Math.max(1, Math.floor(CHUNK_VALUES / row))
  let at = offset
  for (let left = to - from; left > 0; ) {
    const length = Math.min(left, chunk)
    const bytes = await cursor.exactly(length)
    if (bytes.length < length) refuse(`it ends within tensor "${name}"`)
    const read = type === 'F32' ? new Float32Array(bytes.buffer) : readValues(type, bytes)
    const values = read instanceof Float32Array ? read : Float32Array.from(read)
    const count = values.length
    await net.engine.ask('setSome', [net.id, values, [[at, count]]], [values.buffer])
    at += count
    left -= length
  }
}
