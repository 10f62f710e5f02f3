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
}

/** A {@link dense} layer. */
export interface DenseLayer<U extends number = number> extends WeightedLayer {
  type: 'dense'
  units: U
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
  checkKeys('dense', options, ['units', ...WEIGHTED])
  checkWhole('dense', 'units', options.units, 1)
  const layer: DenseLayer<U> & Reads<P> = {
    type: 'dense',
    ...weighted('dense', options),
    units: options.units,
  }
  return layer as typeof layer & Decides<A>
}
