import { checkKeys, checkWhole, pair } from '../options'
import { type Pair, type Weighted, weighted } from './common'

export interface Conv2dOptions<F extends number = number> extends Weighted {
  /** Output channels. */
  filters: F
  /** Height and width of the kernel. */
  kernel: Pair
  /** Default 1. */
  stride?: Pair
  /** Zeros on each side. Default 0. */
  padding?: Pair
}

/**
 * Convolution: `[C, H, W]` → `[filters, OH, OW]`, OH = ⌊(H + 2·padding − kernel) / stride⌋ + 1.
 * y[f] = b[f] + Σ w[f, c, i, j] · x[c, oh·s + i − p, ow·s + j − p] (a cross-correlation, as in PyTorch).
 *
 * @throws HebbError `option` for a wrong option; `network` throws `shape` if the kernel does not fit.
 */
export function conv2d<const F extends number>(options: Conv2dOptions<F>) {
  const who = 'conv2d'
  checkKeys(who, options, [
    'filters',
    'kernel',
    'stride',
    'padding',
    'activation',
    'bias',
    'initializer',
    'name',
  ])
  checkWhole(who, 'filters', options.filters, 1)
  return {
    type: 'conv2d' as const,
    ...weighted(who, options),
    filters: options.filters,
    kernel: pair(who, 'kernel', options.kernel, 1),
    stride: pair(who, 'stride', options.stride ?? 1, 1),
    padding: pair(who, 'padding', options.padding ?? 0, 0),
  }
}
