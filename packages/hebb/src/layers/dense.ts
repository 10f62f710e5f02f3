import { checkKeys, checkWhole } from '../options'
import { type Weighted, weighted } from './common'

export interface DenseOptions<U extends number = number> extends Weighted {
  /** Outputs. */
  units: U
}

/** Fully connected: `[inputs]` → `[units]`, y = f(W·x + b) with W of shape `[units, inputs]`. */
export function dense<const U extends number>(options: DenseOptions<U>) {
  checkKeys('dense', options, ['units', 'activation', 'bias', 'initializer', 'name'])
  checkWhole('dense', 'units', options.units, 1)
  return { type: 'dense' as const, ...weighted('dense', options), units: options.units }
}
