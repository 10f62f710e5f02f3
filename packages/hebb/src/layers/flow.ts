// How shapes flow through layers at compile time: layers that do not fit are the compiler's to refuse.
import type * as all from './all'
import type { Deciders, From, Origin } from './common'

/** The layer that a function makes, without what its options add to the type. */
type MadeBy<F> = F extends (...options: infer _) => infer L
  ? L extends infer Plain & From<Origin>
    ? Plain
    : L
  : never

/** Any layer. */
export type Layer = MadeBy<(typeof all)[keyof typeof all]>

/** The shape of one sample: `[features]` or `[C, H, W]`. */
export type Shape = readonly [number] | readonly [number, number, number]

/** What a network reads: one input, or several by name. */
export type Inputs = Shape | Readonly<Record<string, Shape>>

/** What flows between layers, as far as the compiler follows it; through a graph it does not. */
type Flat<N extends number = number> = { rank: 1; size: N }
type Image<C extends number = number> = { rank: 3; size: C }
type Anything = { rank: 1 | 3; size: number }

type FromShape<I> = I extends readonly [infer C extends number, number, number]
  ? Image<C>
  : I extends readonly [infer N extends number]
    ? Flat<N>
    : Anything

type NeedsImage<T extends string> = `${T} needs an image [C, H, W]: put it before flatten`

/** What a layer makes of an image; a flat value it refuses. */
type OfImage<S, T extends string, Output> = S extends Flat ? NeedsImage<T> : Output

/**
 * What a layer `L` makes of what it reads, `S`, by its type; a string is a sentence that says why it cannot. Layers that are not
 * listed keep the shape.
 */
interface Outputs<S, L> {
  conv2d: OfImage<S, 'conv2d', L extends { filters: infer F extends number } ? Image<F> : Image>
  maxPool2d: OfImage<S, 'maxPool2d', S>
  averagePool2d: OfImage<S, 'averagePool2d', S>
  globalAveragePool2d: OfImage<S, 'globalAveragePool2d', S extends Image<infer C> ? Flat<C> : Flat>
  zeroPadding2d: OfImage<S, 'zeroPadding2d', S>
  localResponseNorm: OfImage<S, 'localResponseNorm', S>
  flatten: Flat
  reshape: L extends { shape: infer R } ? FromShape<R> : Anything
  dense: S extends Image
    ? 'dense needs a flat input: put flatten() before it'
    : L extends { units: infer U extends number }
      ? Flat<U>
      : Flat
  add: Anything
  concat: Anything
  shared: Anything
}

/** The same; of a layer that reads others than the one before, whose shapes are not known. */
type Output<S, L> = L extends { type: infer T extends keyof Outputs<S, L> }
  ? Outputs<L extends { from: Origin } ? Anything : S, L>[T]
  : S

/** What a tuple of layers makes of a shape. */
type Through<S, L extends readonly unknown[]> = L extends readonly [infer First, ...infer Rest]
  ? Through<Output<S, First>, Rest>
  : S

/** The layers as they are, but for the first that does not fit: in its place stands the sentence that says why. */
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
 * The layers if they fit each other. If they don't, the compiler reports at the layer itself, in its first line, that
 * it is not the sentence which {@link Checked} has put there.
 */
export type Fitting<I, L extends readonly Layer[]> =
  Checked<FromShape<I>, L> extends infer Found extends readonly unknown[] ? Found : L

/** The shape of a sample as it is, or the sentence that says what one is. */
export type Shaped<I> = I extends Inputs
  ? I
  : 'the shape of a sample is [features] or [channels, height, width]'

/**
 * `unknown` if there are as many class names as the network has outputs (two for a single output), or if the compiler
 * does not know how many, as of the classes of a file; else the right number.
 */
export type ClassNames<I, L extends readonly Layer[], C extends readonly string[]> =
  Through<FromShape<I>, L> extends Flat<infer N>
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
