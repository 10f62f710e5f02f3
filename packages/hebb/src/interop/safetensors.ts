// safetensors: https://github.com/huggingface/safetensors
//
//   [header length: u64][JSON header, padded with spaces][data of all tensors]   little-endian, row-major
//
// Offsets in the header are relative to the data.
import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { HebbError } from '../errors'
import type { Floats } from '../tensor'
import { headerLength, LENGTH_BYTES, parseHeader, WIDTHS } from './safetensorsHeader'

/** How to read a type: the value at a place, and whether 32-bit floats cannot hold all values. */
type Reader = [read: (view: DataView, at: number) => number, wide?: true]

/** The readers by type. Each value is exact. */
const READERS: Record<string, Reader> = {
  F64: [(view, at) => view.getFloat64(at, true), true],
  F32: [(view, at) => view.getFloat32(at, true)],
  F16: [(view, at) => halves()[view.getUint16(at, true)]!],
  BF16: [(view, at) => upper(view.getUint16(at, true))],
  I64: [(view, at) => Number(view.getBigInt64(at, true)), true],
  U64: [(view, at) => Number(view.getBigUint64(at, true)), true],
  I32: [(view, at) => view.getInt32(at, true), true],
  U32: [(view, at) => view.getUint32(at, true), true],
  I16: [(view, at) => view.getInt16(at, true), true],
  U16: [(view, at) => view.getUint16(at, true), true],
  I8: [(view, at) => view.getInt8(at), true],
  U8: [(view, at) => view.getUint8(at), true],
  BOOL: [(view, at) => view.getUint8(at), true],
}

/** IEEE binary16: a sign bit, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent < 31
        ? (1024 + fraction) * 2 ** (exponent - 25)
        : fraction > 0
          ? Number.NaN
          : Number.POSITIVE_INFINITY
  return bits & 0x8000 ? -size : size
}

let table: Float32Array | undefined

/** All values of binary16 by their bits. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => half(bits))
  return table
}

const scratch = new DataView(new ArrayBuffer(4))

/** bfloat16: the upper 16 bits of a 32-bit float. */
function upper(bits: number): number {
  scratch.setUint16(0, bits)
  return scratch.getFloat32(0)
}

/** The types of weights. */
export const FLOATS = ['F64', 'F32', 'F16', 'BF16']

/** Reads a safetensors file with tensors of some types. All fields are checked, because a file may be damaged or hostile. */
export function parseSafetensors(
  bytes: Uint8Array,
  types: readonly string[] = Object.keys(READERS),
): {
  tensors: Record<string, Floats>
  metadata: Record<string, string>
} {
  const length = headerLength(bytes, bytes.length)
  const start = LENGTH_BYTES + length
  const { entries, metadata } = parseHeader(bytes.subarray(LENGTH_BYTES, start), bytes.length - start, types)
  const tensors = entries.map(({ name, type, shape, from, to }) => {
    const data = readValues(type, bytes.subarray(start + from, start + to))
    if (type.endsWith('64') && type !== 'F64' && !data.every(Number.isSafeInteger)) {
      throw new HebbError('file', `tensor "${name}" of type ${type} has integers beyond 2⁵³`)
    }
    return [name, { data, shape }] as const
  })
  return { tensors: Object.fromEntries(tensors), metadata }
}

/** The values of a type in some bytes. */
export function readValues(
  type: string,
  bytes: Uint8Array,
): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  // As when it is written.
  if (type === 'F32') return new Float32Array(new Uint8Array(bytes).buffer)
  const [read, wide] = READERS[type]!
  const width = WIDTHS[type]!
  const count = bytes.length / width
  const data = wide ? new Float64Array(count) : new Float32Array(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < count; i++) data[i] = read(view, width * i)
  return data
}

/**
 * Reads the tensors of any safetensors file by name, in the order of the file. F32, F16 and BF16 become a Float32Array, all
 * other types (F64, integers, booleans) a Float64Array; each value is exact. `source` is a path (Node), a URL or the file's
 * bytes.
 *
 * @example await net.setWeights(await readSafetensors('model.safetensors'))
 * @throws HebbError `file`
 */
export async function readSafetensors(source: Source): Promise<Record<string, Floats>> {
  return parseSafetensors(await bytesOf(source, nameOf(source, 'the safetensors file'))).tensors
}
