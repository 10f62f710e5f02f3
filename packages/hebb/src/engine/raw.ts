// Typed arrays on their way into the engine.
import * as glue from '../../wasm/simd128/hebb_wasm.js'

/** Samples of a shape, with their targets. */
export function toRaw(
  shape: Uint32Array,
  x: Uint8Array | Float32Array,
  t: Uint32Array | Float32Array | undefined,
): glue.RawDataset {
  const raw =
    x instanceof Uint8Array ? glue.RawDataset.fromBytes(shape, x) : glue.RawDataset.fromFloats(shape, x)
  try {
    if (t instanceof Uint32Array) raw.setClasses(t)
    else if (t) raw.setTargets(t)
  } catch (error) {
    raw.free()
    throw error
  }
  return raw
}
