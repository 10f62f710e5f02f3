// The header of a safetensors file. All fields are checked, because a file may be damaged or hostile.
import { HebbError } from '../errors'
import { size } from '../tensor'

/** A tensor of a file: where its values lie, in bytes from the beginning of the data. */
export interface TensorEntry {
  name: string
  type: string
  shape: readonly number[]
  from: number
  to: number
}

/** The bytes of a value by type. */
export const WIDTHS: Record<string, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
}

/** Bytes before the header: its length. */
export const LENGTH_BYTES = 8

/** The most bytes of a header. */
const MAX_HEADER_BYTES = 100_000_000

/** The remedy for PyTorch's own files, which are Python pickles in a zip. */
const CONVERT = `convert it in Python: import torch; from safetensors.torch import save_file; save_file({k: v.clone().contiguous() for k, v in torch.load('model.pt', map_location='cpu').items()}, 'model.safetensors')`

/** Refuses a file that is damaged, or no safetensors file at all. */
export function refuse(why: string): never {
  throw new HebbError('file', `this is not a usable safetensors file: ${why}`)
}

/** The length of the header from a file's first bytes; `total` is the size of the file. */
export function headerLength(head: Uint8Array, total: number): number {
  // By index: a view whose buffer was transferred is empty, but iterating over it throws.
  const first = head[0]
  const second = head[1]
  // A zip begins with PK; a pickle, PyTorch's format before 1.6, with 0x80 and a version up to 5, as the length of a header may
  // too, but the header begins with a brace.
  if (first === 0x50 && second === 0x4b)
    refuse(`it is a zip, as PyTorch's .pt and .pth files are; ${CONVERT}`)
  if (first === 0x80 && second! <= 5 && head[LENGTH_BYTES] !== 0x7b)
    refuse(`it is a pickle, as PyTorch's old .pt and .pth files are; ${CONVERT}`)
  if (total < LENGTH_BYTES || head.length < LENGTH_BYTES) refuse(`it has only ${total} bytes`)
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true))
  if (length > total - LENGTH_BYTES || length > MAX_HEADER_BYTES) refuse(`its header claims ${length} bytes`)
  return length
}

/**
 * The tensors of a header, in the order of the header, and its metadata. The tensors have one of these types and fill the `held`
 * bytes after the header (NaN if it is not known how many) without overlaps or gaps.
 */
export function parseHeader(
  bytes: Uint8Array,
  held: number,
  types: readonly string[],
): { entries: TensorEntry[]; metadata: Record<string, string> } {
  let header: Record<string, unknown>
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuse('its header is not JSON')
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(header)) refuse('its header is not an object')
  const { __metadata__: metadata = {}, ...tensors } = header
  if (!isObject(metadata)) refuse('its metadata is not an object')
  for (const [key, text] of Object.entries(metadata as object)) {
    if (typeof text !== 'string') refuse(`its metadata "${key}" is not text`)
  }
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, held, types))
  let end = 0
  for (const { from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) refuse('its tensors overlap or leave gaps')
    end = to
  }
  if (end !== held && !Number.isNaN(held)) refuse(`it has ${held - end} bytes more than its tensors`)
  return { entries, metadata: metadata as Record<string, string> }
}

function readEntry(name: string, value: unknown, held: number, types: readonly string[]): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0)
  if (!whole(shape) || !whole(offsets) || offsets.length !== 2)
    return refuse(`tensor "${name}" has no shape or offsets`)
  if (typeof dtype !== 'string' || !types.includes(dtype))
    return refuse(`tensor "${name}" has type ${dtype}, it must be one of ${types.join(', ')}`)
  const [from, to] = offsets as [number, number]
  if (from > to || to > held || to - from !== size(shape) * WIDTHS[dtype]!)
    refuse(`tensor "${name}" of shape [${shape}] and type ${dtype} claims bytes ${from} to ${to} of ${held}`)
  return { name, type: dtype, shape, from, to }
}
