// The layers, and how shapes flow through them at compile time.
import type { ActivationLayer } from './activation'
import type { BatchNormLayer } from './batchNorm'
import type { Deciders, Origin } from './common'
import type { Conv2dLayer } from './conv2d'
import type { DenseLayer } from './dense'
import type { DropoutLayer } from './dropout'
import type { LocalResponseNormLayer } from './localResponseNorm'
import type { MergeLayer } from './merge'
import type { AveragePool2dLayer, GlobalAveragePool2dLayer, MaxPool2dLayer } from './pool2d'
import type { FlattenLayer, ReshapeLayer, SharedLayer } from './shape'
import type { StandardizeLayer } from './standardize'
import type { ZeroPadding2dLayer } from './zeroPadding2d'

export { type ActivationLayer, activation } from './activation'
export { type Activation, elu, leakyRelu } from './activations'
export { type BatchNormLayer, type BatchNormOptions, batchNorm } from './batchNorm'
export type { Initializer, Origin, Padding, Pair } from './common'
export { type Conv2dLayer, type Conv2dOptions, conv2d } from './conv2d'
export { type DenseLayer, type DenseOptions, dense } from './dense'
export { type DropoutLayer, type DropoutOptions, dropout } from './dropout'
export {
  type LocalResponseNormLayer,
  type LocalResponseNormOptions,
  localResponseNorm,
} from './localResponseNorm'
export { add, concat, type MergeLayer, type MergeOptions } from './merge'
export {
  type AveragePool2dLayer,
  type AveragePool2dOptions,
  averagePool2d,
  type GlobalAveragePool2dLayer,
  globalAveragePool2d,
  type MaxPool2dLayer,
  maxPool2d,
  type Pool2dOptions,
} from './pool2d'
export { type FlattenLayer, flatten, type ReshapeLayer, reshape, type SharedLayer, shared } from './shape'
export { type StandardizeLayer, type StandardizeOptions, standardize } from './standardize'
export { type ZeroPadding2dLayer, type ZeroPadding2dOptions, zeroPadding2d } from './zeroPadding2d'

/** Any layer. */
export type Layer =
  | Conv2dLayer
  | MaxPool2dLayer
  | AveragePool2dLayer
  | GlobalAveragePool2dLayer
  | FlattenLayer
  | ReshapeLayer<Shape>
  | ZeroPadding2dLayer
  | DenseLayer
  | DropoutLayer
  | BatchNormLayer
  | LocalResponseNormLayer
  | StandardizeLayer
  | ActivationLayer
  | MergeLayer<'add'>
  | MergeLayer<'concat'>
  | SharedLayer

/** The shape of one sample: `[features]` or `[C, H, W]`. */
export type Shape = readonly [number] | readonly [number, number, number]

/** What a network reads: one input, or several by name. */
export type Inputs = Shape | Readonly<Record<string, Shape>>

/** What flows between layers, as far as the compiler follows it; through a graph it does not. */
type Flat<N extends number = number> = { rank: 1; size: N }
type Image<C extends number = number> = { rank: 3; size: C }
type Anything = { rank: 1 | 3; size: number }

type Start<I> = I extends readonly [infer C extends number, number, number]
  ? Image<C>
  : I extends readonly [infer N extends number]
    ? Flat<N>
    : Anything

/** What a layer makes of what it reads; a string is a sentence that says why it cannot. */
type Step<S, L> = L extends { type: 'add' | 'concat' | 'shared' }
  ? Anything
  : L extends { from: Origin }
    ? Make<Anything, L>
    : Make<S, L>

type NeedsImage<T extends string> = `${T} needs an image [C, H, W]: put it before flatten`

type Make<S, L> = L extends { type: 'conv2d'; filters: infer F extends number }
  ? S extends Flat
    ? NeedsImage<'conv2d'>
    : Image<F>
  : L extends { type: 'dense'; units: infer U extends number }
    ? S extends Image
      ? 'dense needs a flat input: put flatten() before it'
      : Flat<U>
    : L extends { type: 'reshape'; shape: infer R }
      ? Start<R>
      : L extends { type: 'flatten' }
        ? Flat
        : L extends {
              type: infer T extends 'maxPool2d' | 'averagePool2d' | 'zeroPadding2d' | 'localResponseNorm'
            }
          ? S extends Flat
            ? NeedsImage<T>
            : S
          : L extends { type: 'globalAveragePool2d' }
            ? S extends Flat
              ? NeedsImage<'globalAveragePool2d'>
              : S extends Image<infer C>
                ? Flat<C>
                : Flat
            : S

/** What a tuple of layers makes of a shape. */
type Flow<S, L extends readonly unknown[]> = L extends readonly [infer First, ...infer Rest]
  ? Flow<Step<S, First>, Rest>
  : S

/** The layers as they are, but for the first that does not fit: in its place stands the sentence that says why. */
type Checked<S, L extends readonly unknown[], Before extends readonly unknown[] = []> = L extends readonly [
  infer First,
  ...infer Rest,
]
  ? Step<S, First> extends infer Made
    ? Made extends string
      ? readonly [...Before, Made, ...Rest]
      : Checked<Made, Rest, [...Before, First]>
    : never
  : unknown

/**
 * The layers where they fit each other. Where they don't, the compiler reports at the layer itself, in its first line, that
 * it is not the sentence which {@link Checked} has put there.
 */
export type Fitting<I, L extends readonly Layer[]> =
  Checked<Start<I>, L> extends infer Found extends readonly unknown[] ? Found : L

/** The shape of a sample as it is, or the sentence that says what one is. */
export type Shaped<I> = I extends Inputs
  ? I
  : 'the shape of a sample is [features] or [channels, height, width]'

/**
 * `unknown` where there are as many class names as the network has outputs (two for a single output), or the compiler
 * does not know how many, as of the classes of a file; else the right number.
 */
export type ClassNames<I, L extends readonly Layer[], C extends readonly string[]> =
  Flow<Start<I>, L> extends Flat<infer N>
    ? number extends N | C['length']
      ? unknown
      : { length: N extends 1 ? 2 : N }
    : unknown

/** The type of the accuracy and the probabilities: `number` if the last layer is one that decides. */
export type Deciding<L extends readonly unknown[]> = L extends readonly [
  ...unknown[],
  { activation: Deciders },
]
  ? number
  : number | undefined
