// Typed arrays into the engine's memory.
import * as glue from '../../../wasm/simd128/hebb_wasm.js'

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
): glue.RawDataset {
  const raw =
    x instanceof Uint8Array ? glue.RawDataset.fromBytes(shape, x) : glue.RawDataset.fromFloats(shape, x)
  try {
    if (t instanceof Uint32Array) raw.setClasses(t)
    else if (t) raw.setTargets(t)
    if (names) raw.setNames(names)
    if (numbers) raw.setNumbers(numbers)
  } catch (error) {
    raw.free()
    throw error
  }
  return raw
}
