import { checkKeys, checkNumber } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface BatchNormOptions<P extends Origin = Origin> extends Named<P> {
  /** The weight of the newest batch in the running mean and variance, 0 to 1. Default 0.1. */
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
 * Batch normalisation (Ioffe and Szegedy 2015): y = γ·(x − μ)/√(σ² + ε) + β for each channel of `[C, H, W]`, each
 * feature of `[features]`. In training μ and σ² are those of the minibatch, in inference the running ones, which
 * are saved with the model. One flat sample has no variance and is refused as a minibatch; the last minibatch of an epoch, if
 * it has one sample left, joins the one before it, in data sets and streams.
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
