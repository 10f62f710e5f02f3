import { checkKeys, pair, refuse } from '../options'
import {
  NAMED,
  type Named,
  type NamedLayer,
  named,
  type Origin,
  type Padding,
  type Pair,
  type Reads,
  type Sides,
  sides,
} from './common'

export interface Pool2dOptions<P extends Origin = Origin> extends Named<P> {
  /** Height and width of the window. */
  kernel: Pair
  /** Default: the kernel. */
  stride?: Pair
  /** Padding around the image, smaller than the kernel. Default 0. */
  padding?: Padding
  /** Whether to use a last window that reaches over the edge: ⌈ ⌉ instead of ⌊ ⌋. Default false. */
  ceilMode?: boolean
}

export interface AveragePool2dOptions<P extends Origin = Origin> extends Pool2dOptions<P> {
  /** Whether the zeros of the padding count in the mean. Default false. */
  countPadding?: boolean
}

interface Pool2dLayer<T extends 'maxPool2d' | 'averagePool2d'> extends NamedLayer {
  type: T
  kernel: [number, number]
  stride: [number, number]
  padding: Sides
  ceilMode: boolean
}

/** A {@link maxPool2d} layer. */
export interface MaxPool2dLayer extends Pool2dLayer<'maxPool2d'> {}

/** An {@link averagePool2d} layer. */
export interface AveragePool2dLayer extends Pool2dLayer<'averagePool2d'> {
  countPadding: boolean
}

/** A {@link globalAveragePool2d} layer. */
export interface GlobalAveragePool2dLayer extends NamedLayer {
  type: 'globalAveragePool2d'
}

function pool2d<T extends 'maxPool2d' | 'averagePool2d', P extends Origin>(
  type: T,
  options: Pool2dOptions<P>,
): Pool2dLayer<T> & Reads<P> {
  const kernel = pair(type, 'kernel', options.kernel, 1)
  return {
    type,
    ...named(type, options),
    kernel,
    stride: pair(type, 'stride', options.stride ?? kernel, 1),
    padding: sides(type, options.padding ?? 0),
    ceilMode: flag(type, 'ceilMode', options.ceilMode),
  }
}

function flag(who: string, name: string, value: unknown = false): boolean {
  if (typeof value === 'boolean') return value
  return refuse(who, name, 'true or false', value)
}

/** Only the pooling options: bundlers would keep the code of a spread of {@link NAMED}. */
const POOL = ['kernel', 'stride', 'padding', 'ceilMode']

/**
 * The largest value of each window: `[C, H, W]` → `[C, OH, OW]`, OH = ⌊(H + top + bottom − kernel) / stride⌋ + 1.
 * Padding is never the largest.
 */
export function maxPool2d<const P extends Origin = never>(
  options: Pool2dOptions<P>,
): MaxPool2dLayer & Reads<P> {
  checkKeys('maxPool2d', options, [...POOL, ...NAMED])
  return pool2d('maxPool2d', options)
}

/** The mean of each window: `[C, H, W]` → `[C, OH, OW]`, OH = ⌊(H + top + bottom − kernel) / stride⌋ + 1. */
export function averagePool2d<const P extends Origin = never>(
  options: AveragePool2dOptions<P>,
): AveragePool2dLayer & Reads<P> {
  checkKeys('averagePool2d', options, [...POOL, 'countPadding', ...NAMED])
  const countPadding = flag('averagePool2d', 'countPadding', options.countPadding)
  return { ...pool2d('averagePool2d', options), countPadding }
}

/** The mean of each channel: `[C, H, W]` → `[C]`. */
export function globalAveragePool2d<const P extends Origin = never>(
  options: Named<P> = {},
): GlobalAveragePool2dLayer & Reads<P> {
  checkKeys('globalAveragePool2d', options, NAMED)
  return { type: 'globalAveragePool2d', ...named('globalAveragePool2d', options) }
}
