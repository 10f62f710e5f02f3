import { checkKeys, checkNumber, checkWhole } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface LocalResponseNormOptions<P extends Origin = Origin> extends Named<P> {
  /** The number of neighbouring channels in a sum. */
  size: number
  /** Default 1e-4. */
  alpha?: number
  /** Default 0.75. */
  beta?: number
  /** Default 1. */
  k?: number
}

/** A {@link localResponseNorm} layer. */
export interface LocalResponseNormLayer extends NamedLayer {
  type: 'localResponseNorm'
  size: number
  alpha: number
  beta: number
  k: number
}

/**
 * Local response normalisation (Krizhevsky et al. 2012): y = x / (k + α/size · Σ x²)^β, the sum over `size`
 * neighbouring channels. α is divided by `size` as in PyTorch, Caffe and ONNX; in the paper it is not.
 */
export function localResponseNorm<const P extends Origin = never>(
  options: LocalResponseNormOptions<P>,
): LocalResponseNormLayer & Reads<P> {
  const who = 'localResponseNorm'
  checkKeys(who, options, ['size', 'alpha', 'beta', 'k', ...NAMED])
  const { size, alpha = 1e-4, beta = 0.75, k = 1 } = options
  return {
    type: 'localResponseNorm',
    ...named(who, options),
    size: checkWhole(who, 'size', size, 1, 65_536),
    alpha: checkNumber(who, 'alpha', alpha, (n) => n >= 0, 'at least 0'),
    beta: checkNumber(who, 'beta', beta, (n) => n > 0, 'above 0'),
    k: checkNumber(who, 'k', k, (n) => n >= 1e-6, 'at least 1e-6'),
  }
}
