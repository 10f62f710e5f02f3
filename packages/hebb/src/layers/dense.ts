import { checkKeys, checkWhole } from '../options'
import { type Origin, type Reads, WEIGHTED, type Weighted, type WeightedLayer, weighted } from './common'

export interface DenseOptions<U extends number = number, P extends Origin = Origin> extends Weighted<P> {
  /** Outputs. */
  units: U
}

/** A {@link dense} layer. */
export interface DenseLayer<U extends number = number> extends WeightedLayer {
  type: 'dense'
  units: U
}

/** Fully connected: `[inputs]` → `[units]`, y = f(W·x + b) with W of shape `[units, inputs]`. */
export function dense<const U extends number, const P extends Origin = never>(
  options: DenseOptions<U, P>,
): DenseLayer<U> & Reads<P> {
  checkKeys('dense', options, ['units', ...WEIGHTED])
  checkWhole('dense', 'units', options.units, 1)
  return { type: 'dense', ...weighted('dense', options), units: options.units }
}
