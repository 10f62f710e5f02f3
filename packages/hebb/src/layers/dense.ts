import { checkKeys, checkWhole } from '../options'
import type { Activation } from './activations'
import {
  type Decides,
  type Origin,
  type Reads,
  WEIGHTED,
  type Weighted,
  type WeightedLayer,
  weighted,
} from './common'

export interface DenseOptions<
  U extends number = number,
  P extends Origin = Origin,
  A extends Activation = Activation,
> extends Weighted<P, A> {
  /** The number of outputs. */
  units: U
  /**
   * Weights in fewer bits, for inference only: `'f16'` (half precision: 11 bits, up to 65,504) takes half the memory, `'int8'`
   * (whole numbers, times a scale for each unit) a quarter. Weights that are set or loaded are rounded. Default: 32 bits.
   */
  storage?: Storage | undefined
}

/** How weights are stored in fewer than 32 bits. */
export type Storage = 'f16' | 'int8'

/** A {@link dense} layer. */
export interface DenseLayer<U extends number = number> extends WeightedLayer {
  type: 'dense'
  units: U
  storage?: Storage
}

/**
 * Fully connected: `[inputs]` → `[units]`, y = f(W·x + b) with W of shape `[units, inputs]`. Of a sequence `[T, inputs]` it
 * makes `[T, units]`, with the same weights for each time step.
 */
export function dense<
  const U extends number,
  const P extends Origin = never,
  const A extends Activation = 'identity',
>(options: DenseOptions<U, P, A>): DenseLayer<U> & Reads<P> & Decides<A> {
  checkKeys('dense', options, ['units', 'storage', ...WEIGHTED])
  const { units, storage } = options
  checkWhole('dense', 'units', units, 1)
  const layer: DenseLayer<U> & Reads<P> = {
    type: 'dense',
    ...weighted('dense', options),
    units,
    // The core checks it.
    ...(storage !== undefined && { storage }),
  }
  return layer as typeof layer & Decides<A>
}
