// How shapes flow through layers at compile time, so that the compiler refuses layers that do not fit.
import type * as all from './all'
import type { Deciders, From, Origin } from './common'

/** The type of layer that a function returns, without what its options add. */
type MadeBy<F> = F extends (...options: infer _) => infer L
  ? L extends infer Plain & From<Origin>
    ? Plain
    : L
  : never

/** Any layer. */
export type Layer = MadeBy<(typeof all)[keyof typeof all]>

/** The shape of one sample: `[features]`, `[T, features]` of T time steps, or `[C, H, W]`. */
export type Shape = readonly [number] | readonly [number, number] | readonly [number, number, number]

/** The inputs of a network: one, or several by name. */
export type Inputs = Shape | Readonly<Record<string, Shape>>

/** What flows between layers. The compiler does not follow it through a graph. */
type Flat<N extends number = number> = { rank: 1; size: N }
type Sequence<F extends number = number> = { rank: 2; size: F }
type Image<C extends number = number> = { rank: 3; size: C }
type Anything = { rank: 1 | 2 | 3; size: number }

type FromShape<I> = I extends readonly [infer C extends number, number, number]
  ? Image<C>
  : I extends readonly [number, infer F extends number]
    ? Sequence<F>
    : I extends readonly [infer N extends number]
      ? Flat<N>
      : I extends { input: infer S; 'input.lengths': unknown }
        ? FromShape<S>
        : Anything

type NeedsImage<
  S,
  T extends string,
> = `${T} needs an image [C, H, W]: ${S extends Sequence ? '[1, H, W] for one channel' : 'put it before flatten'}`

/** The output of a layer that reads images and refuses flat values and sequences. */
type OfImage<S, T extends string, Output> = S extends Flat | Sequence ? NeedsImage<S, T> : Output

/** The output of a recurrent layer `L`, which refuses flat values and images. */
type OfSequence<S, T extends string, L> = S extends Flat | Image
  ? `${T} needs a sequence [T, features]`
  : L extends { returns: 'all' }
    ? Sequence<Units<L>>
    : L extends { returns: 'last' }
      ? Flat<Units<L>>
      : { rank: 1 | 2; size: Units<L> }

/** The outputs of a recurrent layer per time step, if the compiler knows them: twice the units in both directions. */
type Units<L> = L extends { units: infer U extends number; direction: 'forward' | 'backward' } ? U : number

/** The same shape with `N` features. */
type WithFeatures<S, N extends number> = S extends Flat
  ? Flat<N>
  : S extends Sequence
    ? Sequence<N>
    : { rank: 1 | 2; size: N }

/** The axes in another order: the compiler knows the features or channels where they stay. */
type Permuted<S, A extends readonly number[]> = S extends Flat
  ? 'permute needs [T, features] or [C, H, W]'
  : number extends A['length']
    ? Anything
    : S extends Sequence
      ? A extends readonly [number, number]
        ? A extends readonly [0, 1]
          ? S
          : Sequence
        : 'permute needs two axes for a sequence [T, features]'
      : S extends Image
        ? A extends readonly [infer First, number, number]
          ? First extends 0
            ? S
            : Image
          : 'permute needs three axes for an image [C, H, W]'
        : Anything

/**
 * The output of a layer `L` for an input `S`, by the layer's type; a string is the compiler's message for an input that does
 * not fit. Layers that are not listed keep the shape.
 */
interface Outputs<S, L> {
  conv2d: OfImage<S, 'conv2d', L extends { filters: infer F extends number } ? Image<F> : Image>
  maxPool2d: OfImage<S, 'maxPool2d', S>
  averagePool2d: OfImage<S, 'averagePool2d', S>
  globalAveragePool2d: OfImage<S, 'globalAveragePool2d', S extends Image<infer C> ? Flat<C> : Flat>
  subsample2d: OfImage<S, 'subsample2d', S>
  zeroPadding2d: OfImage<S, 'zeroPadding2d', S>
  localResponseNorm: OfImage<S, 'localResponseNorm', S>
  flatten: Flat
  reshape: L extends { shape: infer R } ? FromShape<R> : Anything
  permute: L extends { axes: infer A extends readonly number[] } ? Permuted<S, A> : Anything
  dense: S extends Image
    ? 'dense needs [features] or [T, features]: put flatten() before it'
    : L extends { units: infer U extends number }
      ? WithFeatures<S, U>
      : WithFeatures<S, number>
  rbf: S extends Image
    ? 'rbf needs [features] or [T, features]: put flatten() before it'
    : L extends { units: infer U extends number }
      ? WithFeatures<S, U>
      : WithFeatures<S, number>
  euclideanRbf: S extends Flat ? Flat : 'euclideanRbf needs [features]: put flatten() before it'
  embedding: S extends Image
    ? 'embedding needs token numbers [T] or [T, 1]'
    : L extends { units: infer U extends number }
      ? Sequence<U>
      : Sequence
  repeatVector: S extends Flat<infer F>
    ? Sequence<F>
    : 'repeatVector needs [features]: put flatten() before it, or take the last step of a recurrent layer'
  rnn: OfSequence<S, 'rnn', L>
  gru: OfSequence<S, 'gru', L>
  lstm: OfSequence<S, 'lstm', L>
  batchNorm: S extends Sequence ? 'batchNorm needs [features] or an image: put flatten() before it' : S
  add: Anything
  multiply: Anything
  concat: Anything
  shared: Anything
}

/** The same for any layer. If it names the layers that it reads, the compiler does not know its input. */
type Output<S, L> = L extends { type: infer T extends keyof Outputs<S, L> }
  ? Outputs<L extends { from: Origin } ? Anything : S, L>[T]
  : S

/** The output of a tuple of layers. */
type Through<S, L extends readonly unknown[]> = L extends readonly [infer First, ...infer Rest]
  ? Through<Output<S, First>, Rest>
  : S

/** The layers; the message replaces the first layer that does not fit. */
type Checked<S, L extends readonly unknown[], Before extends readonly unknown[] = []> = L extends readonly [
  infer First,
  ...infer Rest,
]
  ? Output<S, First> extends infer Next
    ? Next extends string
      ? readonly [...Before, Next, ...Rest]
      : Checked<Next, Rest, [...Before, First]>
    : never
  : unknown

/**
 * The layers if they fit each other. If they do not, the compiler reports at the layer, in its first line, that the layer
 * is not the message which {@link Checked} put there.
 */
export type Fitting<I, L extends readonly Layer[]> =
  Checked<FromShape<I>, L> extends infer Found extends readonly unknown[] ? Found : L

/** The shape of a sample, or a message that says what a shape is. */
export type Shaped<I> = I extends Inputs
  ? I
  : 'the shape of a sample is [features], [steps, features] or [channels, height, width]'

/**
 * The class names if the network has as many outputs (two names for a single output), or if the compiler does not know one of the
 * numbers, as for the classes of a file; else a message.
 */
export type ClassNames<I, L extends readonly Layer[], C extends readonly string[]> =
  Through<FromShape<I>, L> extends Flat<infer N>
    ? number extends N | C['length']
      ? C
      : C['length'] extends (N extends 1 ? 2 : N)
        ? C
        : `classes must have ${N extends 1 ? 2 : N} names, not ${C['length']}`
    : C

/** The type of the accuracy and the probabilities: `number` if the last layer classifies. */
export type Deciding<L extends readonly unknown[]> = L extends readonly [
  ...unknown[],
  { activation: Deciders },
]
  ? number
  : number | undefined
