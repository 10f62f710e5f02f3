import { HebbError } from '../../errors'
import { size } from '../../tensor'

/** The element types by code: bytes per element, and how to read one. All are big-endian. */
const TYPES: Record<number, { bytes: number; read: (view: DataView, at: number) => number }> = {
  8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, read: (view, at) => view.getFloat64(at) },
}

/** The content of an idx file: unsigned bytes as Uint8Array, other integers as Int32Array, floats as Float32Array. */
export interface Idx {
  data: Uint8Array | Int32Array | Float32Array
  shape: number[]
}

/** The size in bytes of an idx file by its header; undefined if the header is not valid. */
export function idxSize(head: Uint8Array): number | undefined {
  const bytes = TYPES[head[2]!]?.bytes
  const rank = head[3]!
  if (head[0] !== 0 || head[1] !== 0 || !bytes || rank === 0 || rank > 4) return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  return 4 + 4 * rank + bytes * size(Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i)))
}

/** The numbers and the shape of an idx file (LeCun's format for MNIST). The header is checked before memory is allocated. */
export function parseIdx(bytes: Uint8Array, name: string): Idx {
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} is not a usable idx file: ${why}`)
  }
  if (bytes.length < 4) refuse(`it has ${bytes.length} bytes`)
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) refuse('it is compressed; unpack it with gunzip')
  if (bytes[0] !== 0 || bytes[1] !== 0) refuse('it does not begin with two zero bytes')
  const code = bytes[2]!
  const type = TYPES[code] ?? refuse(`byte 2, its element type, is ${code}; known are 8, 9, 11, 12, 13, 14`)
  const rank = bytes[3]!
  if (rank === 0 || rank > 4) refuse(`byte 3, its number of dimensions, is ${rank}; 1 to 4 can be read`)
  const header = 4 + 4 * rank
  if (bytes.length < header) refuse(`its header of ${header} bytes is cut off at byte ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const empty = shape.indexOf(0)
  if (empty >= 0) refuse(`its dimension at byte ${4 + 4 * empty} is 0`)
  const count = size(shape)
  const needed = count * type.bytes
  if (bytes.length - header !== needed)
    refuse(`[${shape}] needs ${needed} bytes after the header, it has ${bytes.length - header}`)
  if (code === 8) return { data: bytes.subarray(header), shape }
  const data = code >= 13 ? new Float32Array(count) : new Int32Array(count)
  for (let i = 0; i < count; i++) data[i] = type.read(view, header + i * type.bytes)
  return { data, shape }
}
