// Collates samples into one array.
import type { Batch } from '../batch'
import type { Read } from './sample'

/** The batch of some samples of the same kind. */
export function collate(samples: readonly Read[]): Batch {
  const { data, shape } = samples[0]!.x
  const x = {
    data: concatenate(
      data instanceof Uint8Array,
      samples.map((one) => one.x.data),
    ),
    shape: [samples.length, ...shape],
  }
  const t = samples.map((one) => one.t)
  if (t[0] === undefined) return { x }
  if (typeof t[0] === 'number') return { x, t: Uint32Array.from(t as number[]) }
  const values = concatenate(false, t as Float32Array[]) as Float32Array
  return { x, t: { data: values, shape: [samples.length, t[0].length] } }
}

/** Concatenates arrays as bytes or as floats. */
export function concatenate(
  bytes: boolean,
  parts: readonly (Float32Array | Uint8Array)[],
): Float32Array | Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const all = bytes ? new Uint8Array(size) : new Float32Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
