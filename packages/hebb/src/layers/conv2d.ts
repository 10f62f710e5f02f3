import { checkKeys, checkWhole, pair } from '../options'
import {
  type Origin,
  type Padding,
  type Pair,
  type Reads,
  type Sides,
  sides,
  WEIGHTED,
  type Weighted,
  type WeightedLayer,
  weighted,
} from './common'

export interface Conv2dOptions<F extends number = number, P extends Origin = Origin> extends Weighted<P> {
  /** Output channels. */
  filters: F
  /** Height and width of the kernel. */
  kernel: Pair
  /** The distance between neighbouring windows. Default 1. */
  stride?: Pair
  /** Zeros around the image. Default 0. */
  padding?: Padding
  /** The distance between neighbouring taps of the kernel. Default 1. */
  dilation?: Pair
  /**
   * The number of groups of channels and filters; each group of filters reads its own group of channels.
   * `'depthwise'`: one group per channel. Default 1.
   */
  groups?: number | 'depthwise'
  /**
   * The channels that each filter reads, numbered from 0: a list for each filter, as in table I of LeNet-5 (LeCun et al. 1998).
   * The weights are then `[connections, kernel height, kernel width]`, in the order of the lists. Not with `groups`.
   */
  connections?: readonly (readonly number[])[]
}

/** A {@link conv2d} layer. */
export interface Conv2dLayer<F extends number = number> extends WeightedLayer {
  type: 'conv2d'
  filters: F
  kernel: [number, number]
  stride: [number, number]
  padding: Sides
  dilation: [number, number]
  groups: number | 'depthwise'
  connections?: readonly (readonly number[])[]
}

/**
 * Convolution: `[C, H, W]` → `[filters, OH, OW]`, OH = ⌊(H + top + bottom − dilation·(kernel − 1) − 1) / stride⌋ + 1.
 * y[f] = b[f] + Σ w[f, c, i, j] · x[c, oh·s + i·d − top, ow·s + j·d − left] (a cross-correlation, as in PyTorch).
 *
 * @throws HebbError `option` for a wrong option; `network` throws `shape` if the kernel does not fit, `option` if
 * groups do not divide channels and filters, or connections name no channel of the input
 */
export function conv2d<const F extends number, const P extends Origin = never>(
  options: Conv2dOptions<F, P>,
): Conv2dLayer<F> & Reads<P> {
  const who = 'conv2d'
  const own = ['filters', 'kernel', 'stride', 'padding', 'dilation', 'groups', 'connections']
  checkKeys(who, options, [...own, ...WEIGHTED])
  checkWhole(who, 'filters', options.filters, 1)
  const { groups = 1, connections } = options
  return {
    type: 'conv2d',
    ...weighted(who, options),
    filters: options.filters,
    kernel: pair(who, 'kernel', options.kernel, 1),
    stride: pair(who, 'stride', options.stride ?? 1, 1),
    padding: sides(who, options.padding ?? 0),
    dilation: pair(who, 'dilation', options.dilation ?? 1, 1),
    groups: groups === 'depthwise' ? groups : checkWhole(who, 'groups', groups, 1),
    ...(connections !== undefined && { connections }),
  }
}
