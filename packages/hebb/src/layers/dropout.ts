import { checkKeys, checkNumber } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface DropoutOptions<P extends Origin = Origin> extends Named<P> {
  /** The probability, at least 0 and below 1, that a value becomes 0 in training. */
  rate: number
}

/** A {@link dropout} layer. */
export interface DropoutLayer extends NamedLayer {
  type: 'dropout'
  rate: number
}

/**
 * Inverted dropout (Srivastava et al. 2014): in training a value becomes 0 with probability `rate`, and the others are
 * divided by 1 − rate; in inference values are unchanged.
 */
export function dropout<const P extends Origin = never>(options: DropoutOptions<P>): DropoutLayer & Reads<P> {
  checkKeys('dropout', options, ['rate', ...NAMED])
  const rate = checkNumber('dropout', 'rate', options.rate, (n) => n >= 0 && n < 1, 'at least 0 and below 1')
  return { type: 'dropout', ...named('dropout', options), rate }
}
