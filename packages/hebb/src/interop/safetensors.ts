// safetensors: https://github.com/huggingface/safetensors
//
//   [header length: u64][JSON header, padded with spaces][data of all tensors]   little-endian, row-major
//
// Offsets in the header are relative to the data.
import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { HebbError } from '../errors'
import { type Floats, size } from '../tensor'

export interface NamedTensor {
  name: string
  shape: readonly number[]
  data: Float32Array | Float64Array
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** A safetensors file of f32 and f64 tensors with text metadata. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: metadata }
  let end = 0
  for (const { name, shape, data } of tensors) {
    const dtype = data instanceof Float64Array ? 'F64' : 'F32'
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // Spaces after the header align the data to 8 bytes.
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, 8, 8 + length)
  bytes.set(text, 8)
  const view = new DataView(bytes.buffer, 8 + length)
  let at = 0
  for (const { data } of tensors) {
    for (const value of data) {
      if (data instanceof Float64Array) view.setFloat64(at, value, true)
      else view.setFloat32(at, value, true)
      at += data.BYTES_PER_ELEMENT
    }
  }
  return bytes
}

/** How to read a type: the bytes of a value, the value, and whether 32-bit floats cannot hold all values. */
type Reader = [bytes: number, read: (view: DataView, at: number) => number, wide?: true]

/** The readers by type. Each value is exact. */
const READERS: Record<string, Reader> = {
  F64: [8, (view, at) => view.getFloat64(at, true), true],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => half(view.getUint16(at, true))],
  BF16: [2, (view, at) => upper(view.getUint16(at, true))],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true)), true],
  U64: [8, (view, at) => Number(view.getBigUint64(at, true)), true],
  I32: [4, (view, at) => view.getInt32(at, true), true],
  U32: [4, (view, at) => view.getUint32(at, true), true],
  I16: [2, (view, at) => view.getInt16(at, true), true],
  U16: [2, (view, at) => view.getUint16(at, true), true],
  I8: [1, (view, at) => view.getInt8(at), true],
  U8: [1, (view, at) => view.getUint8(at), true],
  BOOL: [1, (view, at) => view.getUint8(at), true],
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

const scratch = new DataView(new ArrayBuffer(4))

/** bfloat16: the upper 16 bits of a 32-bit float. */
function upper(bits: number): number {
  scratch.setUint16(0, bits)
  return scratch.getFloat32(0)
}

/** The remedy for PyTorch's own files, which are Python pickles in a zip. */
const CONVERT = `convert it in Python: import torch; from safetensors.torch import save_file; save_file({k: v.clone().contiguous() for k, v in torch.load('model.pt', map_location='cpu').items()}, 'model.safetensors')`

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
  const refuse = (why: string): never => {
    throw new HebbError('file', `this is not a usable safetensors file: ${why}`)
  }
  // By index: a view whose buffer was transferred is empty, but iterating over it throws.
  const first = bytes[0]
  const second = bytes[1]
  // A zip begins with PK; a pickle, PyTorch's format before 1.6, with 0x80 and a version up to 5, as the length of a header may
  // too, but the header begins with a brace.
  if (first === 0x50 && second === 0x4b)
    refuse(`it is a zip, as PyTorch's .pt and .pth files are; ${CONVERT}`)
  if (first === 0x80 && second! <= 5 && bytes[8] !== 0x7b)
    refuse(`it is a pickle, as PyTorch's old .pt and .pth files are; ${CONVERT}`)
  if (bytes.length < 8) refuse(`it has only ${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > bytes.length - 8 || length > 100_000_000) refuse(`its header claims ${length} bytes`)
  let header: Record<string, unknown>
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
  } catch {
    return refuse('its header is not JSON')
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(header)) refuse('its header is not an object')
  const { __metadata__: metadata = {}, ...entries } = header
  if (!isObject(metadata)) refuse('its metadata is not an object')
  for (const [key, text] of Object.entries(metadata as object)) {
    if (typeof text !== 'string') refuse(`its metadata "${key}" is not text`)
  }
  const start = 8 + length
  const held = bytes.length - start
  const tensors: [string, Floats][] = []
  const ranges: [number, number][] = []
  for (const [name, value] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Entry
    const whole = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0)
    if (!whole(shape) || !whole(offsets) || offsets.length !== 2)
      return refuse(`tensor "${name}" has no shape or offsets`)
    if (!types.includes(dtype)) {
      refuse(`tensor "${name}" has type ${dtype}, it must be one of ${types.join(', ')}`)
    }
    const [width, read, wide] = READERS[dtype]!
    const [from, to] = offsets
    const count = size(shape)
    if (from > to || to > held || to - from !== count * width) {
      refuse(
        `tensor "${name}" of shape [${shape}] and type ${dtype} claims bytes ${from} to ${to} of ${held}`,
      )
    }
    ranges.push([from, to])
    const data = wide ? new Float64Array(count) : new Float32Array(count)
    for (let i = 0; i < count; i++) data[i] = read(view, start + from + width * i)
    if (dtype.endsWith('64') && dtype !== 'F64' && !data.every(Number.isSafeInteger)) {
      refuse(`tensor "${name}" of type ${dtype} has integers beyond 2⁵³`)
    }
    tensors.push([name, { data, shape }])
  }
  ranges.sort(([a, b], [c, d]) => a - c || b - d)
  let end = 0
  for (const [from, to] of ranges) {
    if (from !== end) refuse('its tensors overlap or leave gaps')
    end = to
  }
  if (end !== held) refuse(`it has ${held - end} bytes more than its tensors`)
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> }
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
