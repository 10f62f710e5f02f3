import { checkKeys, checkWhole } from '../options'
import { type Origin, WEIGHTED, type Weighted, weighted } from './common'

export interface DenseOptions<U extends number = number, P extends Origin = Origin> extends Weighted<P> {
  /** Outputs. */
  units: U
}

/** Fully connected: `[inputs]` → `[units]`, y = f(W·x + b) with W of shape `[units, inputs]`. */
export function dense<const U extends number, const P extends Origin = never>(options: DenseOptions<U, P>) {
  checkKeys('dense', options, ['units', ...WEIGHTED])
  checkWhole('dense', 'units', options.units, 1)
  return { type: 'dense' as const, ...weighted('dense', options), units: options.units }
}
