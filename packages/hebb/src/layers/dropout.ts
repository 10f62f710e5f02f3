import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { NAMED, type Named, named, type Origin } from './common'

export interface DropoutOptions<P extends Origin = Origin> extends Named<P> {
  /** The probability, at least 0 and below 1, that a value becomes 0 in training. */
  rate: number
}

/**
 * Dropout (Srivastava et al. 2014), inverted: in training a value becomes 0 with probability `rate`, the
 * others are divided by 1 − rate; in inference nothing happens.
 */
export function dropout<const P extends Origin = never>(options: DropoutOptions<P>) {
  checkKeys('dropout', options, ['rate', ...NAMED])
  if (!(options.rate >= 0 && options.rate < 1)) {
    throw new HebbError('option', `dropout: rate must be at least 0 and below 1, got ${String(options.rate)}`)
  }
  return { type: 'dropout' as const, ...named('dropout', options), rate: options.rate }
}
