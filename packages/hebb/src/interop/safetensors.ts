// safetensors: u64 little-endian header length, JSON header, raw little-endian row-major data, with offsets
// relative to the data. https://github.com/huggingface/safetensors
import { HebbError } from '../errors'
import { size } from '../tensor'

export interface NamedTensor {
  name: string
  shape: readonly number[]
  data: Float32Array
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** A safetensors file of f32 tensors with text metadata. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: metadata }
  let end = 0
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [end, end + data.length * 4] }
    end += data.length * 4
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // The data begins at a multiple of eight: the header is filled up with spaces.
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length + end)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.fill(0x20, 8, 8 + length)
  bytes.set(text, 8)
  const view = new DataView(bytes.buffer, 8 + length)
  let at = 0
  for (const { data } of tensors) {
    for (const value of data) {
      view.setFloat32(at, value, true)
      at += 4
    }
  }
  return bytes
}

/** Reads a safetensors file of f32 tensors, checking everything that a damaged or hostile file could say. */
export function readSafetensors(bytes: Uint8Array): {
  tensors: NamedTensor[]
  metadata: Record<string, string>
} {
  const refuse = (why: string): never => {
    throw new HebbError('file', `this is not a usable safetensors file: ${why}`)
  }
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
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    refuse('its header is not an object')
  const start = 8 + length
  const held = bytes.length - start
  const tensors: NamedTensor[] = []
  const ranges: [number, number][] = []
  const metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value as object)) {
        if (typeof text !== 'string') refuse(`its metadata "${key}" is not text`)
        metadata[key] = text
      }
      continue
    }
    const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Entry
    const whole = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0)
    if (!whole(shape) || !whole(offsets) || offsets.length !== 2)
      return refuse(`tensor "${name}" has no shape or offsets`)
    if (dtype !== 'F32') refuse(`tensor "${name}" has type ${dtype}, only F32 is read`)
    const [from, to] = offsets
    const count = size(shape)
    if (from > to || to > held || to - from !== count * 4) {
      refuse(`tensor "${name}" of shape [${shape}] claims bytes ${from} to ${to} of ${held}`)
    }
    ranges.push([from, to])
    const data = Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + from + 4 * i, true))
    tensors.push({ name, shape, data })
  }
  ranges.sort(([a], [b]) => a - b)
  let end = 0
  for (const [from, to] of ranges) {
    if (from !== end) refuse('its tensors overlap or leave gaps')
    end = to
  }
  if (end !== held) refuse(`it has ${held - end} bytes more than its tensors`)
  return { tensors, metadata }
}
