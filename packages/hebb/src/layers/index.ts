// The layers, and how shapes flow through them at compile time.
import type { activation } from './activation'
import type { conv2d } from './conv2d'
import type { dense } from './dense'
import type { dropout } from './dropout'
import type { flatten } from './flatten'
import type { averagePool2d, maxPool2d } from './pool2d'
import type { standardize } from './standardize'

export { activation } from './activation'
export type { Activation, Initializer, Pair } from './common'
export { type Conv2dOptions, conv2d } from './conv2d'
export { type DenseOptions, dense } from './dense'
export { type DropoutOptions, dropout } from './dropout'
export { flatten } from './flatten'
export { averagePool2d, maxPool2d, type Pool2dOptions } from './pool2d'
export { type StandardizeOptions, standardize } from './standardize'

/** Any layer. */
export type Layer =
  | ReturnType<typeof conv2d>
  | ReturnType<typeof maxPool2d>
  | ReturnType<typeof averagePool2d>
  | ReturnType<typeof flatten>
  | ReturnType<typeof dense>
  | ReturnType<typeof dropout>
  | ReturnType<typeof activation>
  | ReturnType<typeof standardize>

/** The shape of one sample: `[features]` or `[C, H, W]`. */
export type Shape = readonly [number] | readonly [number, number, number]

/** What flows between layers, as far as the compiler follows it. */
type Flat<N extends number = number> = { rank: 1; size: N }
type Image<C extends number = number> = { rank: 3; size: C }
type Problem<M extends string> = { problem: M }

type Start<I extends Shape> = I extends readonly [infer C extends number, number, number]
  ? Image<C>
  : Flat<I[0]>

type Step<S, L> = L extends { type: 'conv2d'; filters: infer F extends number }
  ? S extends Image
    ? Image<F>
    : Problem<'conv2d needs an image [C, H, W]: put it before flatten'>
  : L extends { type: 'maxPool2d' | 'averagePool2d' }
    ? S extends Image
      ? S
      : Problem<'pooling needs an image [C, H, W]: put it before flatten'>
    : L extends { type: 'flatten' }
      ? Flat
      : L extends { type: 'dense'; units: infer U extends number }
        ? S extends Flat
          ? Flat<U>
          : Problem<'dense needs a flat input: put flatten() before it'>
        : S

/** What a tuple of layers makes of a shape, or the first problem on the way. */
type Flow<S, L extends readonly unknown[]> =
  S extends Problem<string>
    ? S
    : L extends readonly [infer First, ...infer Rest]
      ? Flow<Step<S, First>, Rest>
      : S

/** `unknown` where the layers fit each other, else a type that names the problem. */
export type Fitting<I extends Shape, L extends readonly Layer[]> =
  Flow<Start<I>, L> extends Problem<infer M> ? Problem<M> : unknown

/** As many class names as the network has outputs, where the compiler knows how many. */
export type ClassNames<I extends Shape, L extends readonly Layer[]> =
  Flow<Start<I>, L> extends Flat<infer N>
    ? number extends N
      ? readonly string[]
      : readonly string[] & { length: N }
    : readonly string[]
