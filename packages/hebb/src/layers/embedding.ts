import { checkKeys, checkWhole } from '../options'
import type { Regularization } from '../regularization'
import {
  type Initializer,
  NAMED,
  type Named,
  type NamedLayer,
  type Origin,
  type Reads,
  type Weighted,
  weighted,
} from './common'

export interface EmbeddingOptions<U extends number = number, P extends Origin = Origin> extends Named<P> {
  /** The number of values of a token. */
  units: U
  /** The number of tokens, at most 2²⁴; they are the whole numbers below it. */
  vocabulary: number
  /** The initial weights. Default: standard normal, as in PyTorch. */
  initializer?: Initializer
  /** The regularisation of its weights; `{ l2: 0 }` is none. Default: the option of `fit`, `evaluate`, … for all layers. */
  regularization?: Regularization
}

/** An {@link embedding} layer. */
export interface EmbeddingLayer<U extends number = number> extends NamedLayer {
  type: 'embedding'
  units: U
  vocabulary: number
}

/**
 * Token numbers `[T]` or `[T, 1]` → `[T, units]`: each token's row of `<layer>.weight` `[vocabulary, units]`, named and laid out
 * as in PyTorch. It is a dense layer without bias on vectors with a single 1, without their zeros. It must be the first layer,
 * or name an input in `from`; a value that is no whole number from 0 to `vocabulary` − 1 is refused (`data`).
 *
 * @example network([16], [embedding({ units: 8, vocabulary: 65 }), lstm({ units: 64 }), dense({ units: 65, activation: 'softmax' })])
 */
export function embedding<const U extends number, const P extends Origin = never>(
  options: EmbeddingOptions<U, P>,
): EmbeddingLayer<U> & Reads<P> {
  checkKeys('embedding', options, ['units', 'vocabulary', 'initializer', 'regularization', ...NAMED])
  const { activation: _, bias: __, ...spec } = weighted('embedding', options as Weighted<P>)
  const layer = {
    type: 'embedding',
    ...spec,
    units: checkWhole('embedding', 'units', options.units, 1),
    vocabulary: checkWhole('embedding', 'vocabulary', options.vocabulary, 1, 2 ** 24),
  }
  return layer as EmbeddingLayer<U> & Reads<P>
}
