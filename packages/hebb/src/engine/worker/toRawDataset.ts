// Typed arrays into the engine's memory.
import * as glue from '../../../wasm/glue/hebb_wasm.js'

/** A data set and its size in the engine's memory. */
export interface Data {
  raw: glue.RawDataset
  bytes: number
}

/**
 * Samples of a shape and their targets. `names` is the JSON of the names and shapes of inputs and outputs; errors name the
 * samples by `numbers`.
 */
export function toRaw(
  shape: Uint32Array,
  x: Uint8Array | Float32Array,
  t: Uint32Array | Float32Array | undefined,
  names?: string,
  numbers?: Uint32Array,
): Data {
  const size = x.byteLength + (t?.byteLength ?? 0)
  glue.checkRoom(size)
  const [bytes, floats] = x instanceof Uint8Array ? [x] : [undefined, x]
  const [classes, targets] = t instanceof Uint32Array ? [t] : [undefined, t]
  const raw = new glue.RawDataset(shape, bytes, floats, classes, targets, names, numbers)
  return { raw, bytes: size }
}
