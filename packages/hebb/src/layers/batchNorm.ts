import { checkKeys, checkNumber } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface BatchNormOptions<P extends Origin = Origin> extends Named<P> {
  /** The weight of the current batch in the running mean and variance, 0 to 1. Default 0.1. */
  momentum?: number
  /** Added to the variance, above 0. Default 1e-5. */
  epsilon?: number
}

/** A {@link batchNorm} layer. */
export interface BatchNormLayer extends NamedLayer {
  type: 'batchNorm'
  momentum: number
  epsilon: number
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β for each channel of `[C, H, W]` or each
 * feature of `[features]`; it refuses `[T, features]`. In training μ and σ² are those of the minibatch, in inference the
 * running averages, which are saved with the model. A minibatch of one flat sample has no variance and is refused; if the
 * last minibatch of an epoch has one sample, it joins the minibatch before it, in data sets and streams.
 */
export function batchNorm<const P extends Origin = never>(
  options: BatchNormOptions<P> = {},
): BatchNormLayer & Reads<P> {
  checkKeys('batchNorm', options, ['momentum', 'epsilon', ...NAMED])
  const { momentum = 0.1, epsilon = 1e-5 } = options
  return {
    type: 'batchNorm',
    ...named('batchNorm', options),
    momentum: checkNumber('batchNorm', 'momentum', momentum, (n) => n >= 0 && n <= 1, '0 to 1'),
    epsilon: checkNumber('batchNorm', 'epsilon', epsilon, (n) => n > 0, 'above 0'),
  }
}
