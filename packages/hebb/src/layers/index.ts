// The layers, and how shapes flow through them at compile time.
import type { activation } from './activation'
import type { Origin } from './common'
import type { conv2d } from './conv2d'
import type { dense } from './dense'
import type { dropout } from './dropout'
import type { add, concat } from './merge'
import type { batchNorm, localResponseNorm } from './norm'
import type { averagePool2d, globalAveragePool2d, maxPool2d } from './pool2d'
import type { flatten, reshape, shared } from './shape'
import type { standardize } from './standardize'
import type { zeroPadding2d } from './zeroPadding2d'

export { activation } from './activation'
export { type Activation, elu, leakyRelu } from './activations'
export type { Initializer, Origin, Padding, Pair } from './common'
export { type Conv2dOptions, conv2d } from './conv2d'
export { type DenseOptions, dense } from './dense'
export { type DropoutOptions, dropout } from './dropout'
export { add, concat, type MergeOptions } from './merge'
export {
  type BatchNormOptions,
  batchNorm,
  type LocalResponseNormOptions,
  localResponseNorm,
} from './norm'
export {
  type AveragePool2dOptions,
  averagePool2d,
  globalAveragePool2d,
  maxPool2d,
  type Pool2dOptions,
} from './pool2d'
export { flatten, reshape, shared } from './shape'
export { type StandardizeOptions, standardize } from './standardize'
export { type ZeroPadding2dOptions, zeroPadding2d } from './zeroPadding2d'

/** Any layer. */
export type Layer =
  | ReturnType<typeof conv2d<number>>
  | ReturnType<typeof maxPool2d<never>>
  | ReturnType<typeof averagePool2d<never>>
  | ReturnType<typeof globalAveragePool2d<never>>
  | ReturnType<typeof flatten<never>>
  | ReturnType<typeof reshape<Shape>>
  | ReturnType<typeof zeroPadding2d<never>>
  | ReturnType<typeof dense<number>>
  | ReturnType<typeof dropout<never>>
  | ReturnType<typeof batchNorm<never>>
  | ReturnType<typeof localResponseNorm<never>>
  | ReturnType<typeof standardize<never>>
  | ReturnType<typeof activation<never>>
  | ReturnType<typeof add<readonly string[]>>
  | ReturnType<typeof concat<readonly string[]>>
  | ReturnType<typeof shared<never>>

/** The shape of one sample: `[features]` or `[C, H, W]`. */
export type Shape = readonly [number] | readonly [number, number, number]

/** What a network reads: one input, or several by name. */
export type Inputs = Shape | Readonly<Record<string, Shape>>

/** What flows between layers, as far as the compiler follows it; through a graph it does not. */
type Flat<N extends number = number> = { rank: 1; size: N }
type Image<C extends number = number> = { rank: 3; size: C }
type Anything = { rank: 1 | 3; size: number }
type Problem<M extends string> = { problem: M }

type Start<I> = I extends readonly [infer C extends number, number, number]
  ? Image<C>
  : I extends readonly [infer N extends number]
    ? Flat<N>
    : Anything

type Step<S, L> = L extends { type: 'add' | 'concat' | 'shared' }
  ? Anything
  : L extends { from: Origin }
    ? Make<Anything, L>
    : Make<S, L>

type Make<S, L> = L extends { type: 'conv2d'; filters: infer F extends number }
  ? S extends Flat
    ? Problem<'conv2d needs an image [C, H, W]: put it before flatten'>
    : Image<F>
  : L extends { type: 'dense'; units: infer U extends number }
    ? S extends Image
      ? Problem<'dense needs a flat input: put flatten() before it'>
      : Flat<U>
    : L extends { type: 'reshape'; shape: infer R }
      ? Start<R>
      : L extends { type: 'flatten' }
        ? Flat
        : L extends { type: 'maxPool2d' | 'averagePool2d' | 'zeroPadding2d' | 'localResponseNorm' }
          ? S extends Flat
            ? Problem<'this layer needs an image [C, H, W]: put it before flatten'>
            : S
          : L extends { type: 'globalAveragePool2d' }
            ? S extends Flat
              ? Problem<'pooling needs an image [C, H, W]: put it before flatten'>
              : S extends Image<infer C>
                ? Flat<C>
                : Flat
            : S

/** What a tuple of layers makes of a shape, or the first problem on the way. */
type Flow<S, L extends readonly unknown[]> =
  S extends Problem<string>
    ? S
    : L extends readonly [infer First, ...infer Rest]
      ? Flow<Step<S, First>, Rest>
      : S

/** `unknown` where the layers fit each other, else a type that names the problem. */
export type Fitting<I extends Inputs, L extends readonly Layer[]> =
  Flow<Start<I>, L> extends Problem<infer M> ? Problem<M> : unknown

/**
 * `unknown` where there are as many class names as the network has outputs, or the compiler does not know how many,
 * as of the classes of a file; else the right number.
 */
export type ClassNames<I extends Inputs, L extends readonly Layer[], C extends readonly string[]> =
  Flow<Start<I>, L> extends Flat<infer N>
    ? number extends N | C['length']
      ? unknown
      : { length: N }
    : unknown
