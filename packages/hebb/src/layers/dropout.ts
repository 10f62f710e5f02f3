import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { type Named, named } from './common'

export interface DropoutOptions extends Named {
  /** The probability, at least 0 and below 1, that a value becomes 0 in training. */
  rate: number
}

/**
 * Dropout (Srivastava et al. 2014), inverted: in training a value becomes 0 with probability `rate`, the
 * others are divided by 1 − rate; in inference nothing happens.
 */
export function dropout(options: DropoutOptions) {
  checkKeys('dropout', options, ['rate', 'name'])
  if (!(options.rate >= 0 && options.rate < 1)) {
    throw new HebbError('option', `dropout: rate must be at least 0 and below 1, got ${String(options.rate)}`)
  }
  return { type: 'dropout' as const, ...named(options), rate: options.rate }
}
