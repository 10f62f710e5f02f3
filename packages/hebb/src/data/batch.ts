// Batches of samples as typed arrays.
import type { Tensor } from '../tensor'

/**
 * A batch of samples: `x` is `[N, …shape]`, `t` class numbers `[N]`, or `[N, T]` of time steps, or target values
 * `[N, outputs]`.
 */
export interface Batch {
  x: Tensor<Float32Array | Uint8Array>
  t?: Uint32Array | Tensor<Uint32Array> | Tensor<Float32Array>
}

/** A batch of samples with inputs, targets or both by name, each part `[N, …shape]`. */
export interface NamedBatch {
  x: Batch['x'] | Readonly<Record<string, Batch['x']>>
  t?: Batch['t'] | Readonly<Record<string, Tensor<Float32Array>>>
}
