import { HebbError } from '../errors'
import { checkFlag, checkName, checkNumber, checkWhole, pair, refuse } from '../options'
import { checkRegularization, type Regularization } from '../regularization'
import { type Activation, checkActivation } from './activations'

/**
 * The initial weights: a distribution whose variance depends on the size of the layer, or with a bound or a standard deviation
 * of your own, `{ normal: 0.01 }`. Biases start at 0. The default is `heNormal` before ReLU, else `glorotUniform`.
 */
export type Initializer = (typeof INITIALIZERS)[number] | { uniform: number } | { normal: number }
const INITIALIZERS = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'zeros',
] as const

/** Names in other libraries. */
const ALIASES = {
  xavieruniform: 'glorotUniform',
  xaviernormal: 'glorotNormal',
  kaiminguniform: 'heUniform',
  kaimingnormal: 'heNormal',
}

/** One number for both dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/**
 * Zeros around an image: a number for all sides, `[top and bottom, left and right]`, `[[top, bottom], [left, right]]`, or
 * `'same'`, which makes the output ⌈input / stride⌉; if the sum is odd, the bottom and right get one more.
 */
export type Padding = Pair | readonly [readonly [number, number], readonly [number, number]] | 'same'

/** The names of layers or inputs that a layer reads. */
export type Origin = string | readonly string[]

/** The options of every layer. */
export interface Named<P extends Origin = Origin> {
  /** The layer's name. Default: its kind and number, `conv1`, `pool1`, `dense1`, … */
  name?: string
  /** The name of the layer or input that it reads. Default: the layer before. */
  from?: P
}
export const NAMED = ['name', 'from'] as const

/** A type from which the compiler infers nothing: TypeScript's own NoInfer, which it has from 5.4 on. */
export type Fixed<T> = [T][T extends unknown ? 0 : never]

/**
 * The part of a layer's type that says whether it reads other layers than the one before. (Without Fixed a layer
 * written directly into a list would infer it from the type that the list expects.)
 */
export type Reads<P extends Origin> = [P] extends [never] ? unknown : From<P>
export interface From<P extends Origin> {
  from: Fixed<P>
}

/** The activations whose outputs are probabilities of a class or of labels. */
export type Deciders = 'softmax' | 'logSoftmax' | 'sigmoid'

/** The part of a layer's type that says that its activation is one of {@link Deciders}. */
export type Decides<A extends Activation> = [A] extends [Deciders] ? { activation: Fixed<A> } : unknown

/** The fields of every layer. Layers have named types, so that the compiler's messages about them are short. */
export interface NamedLayer {
  name?: string
}

/** The options that conv2d and dense share. */
export interface Weighted<P extends Origin = Origin, A extends Activation = Activation> extends Named<P> {
  /** Default `'identity'`. */
  activation?: A
  /** Whether to add a bias. Default true. */
  bias?: boolean
  /** The initial weights. */
  initializer?: Initializer
  /** The regularisation of its weights; `{ l2: 0 }` is none. Default: the option of `fit`, `evaluate`, … for all layers. */
  regularization?: Regularization
}
export const WEIGHTED = ['activation', 'bias', 'initializer', 'regularization', 'name', 'from'] as const

/** The fields of layers with weights. */
export interface WeightedLayer extends NamedLayer {
  activation: Activation
  bias: boolean
  initializer?: Initializer
  regularization?: Regularization
}

/** The checked spec of {@link Weighted}. */
export function weighted<P extends Origin>(who: string, options: Weighted<P>): WeightedLayer & Reads<P> {
  const { regularization } = options
  return {
    ...named(who, options),
    activation: checkActivation(who, 'activation', options.activation ?? 'identity'),
    bias: checkFlag(who, 'bias', options.bias ?? true),
    ...(options.initializer === undefined ? {} : { initializer: checkInitializer(who, options.initializer) }),
    ...(regularization === undefined ? {} : { regularization: checkRegularization(regularization) }),
  }
}

/** A checked {@link Initializer}. */
export function checkInitializer(who: string, initializer: Initializer): Initializer {
  if (typeof initializer !== 'object' || initializer === null)
    return checkName(who, 'initializer', initializer, INITIALIZERS, ALIASES)
  const [[kind, size] = [], ...more] = Object.entries(initializer)
  if (more.length > 0 || (kind !== 'uniform' && kind !== 'normal'))
    refuse(who, 'initializer', 'a name, { uniform: bound } or { normal: deviation }', initializer)
  checkNumber(who, `initializer.${kind}`, size, (n) => n > 0 && n <= 1e6, 'above 0, at most 1e6')
  return initializer
}

/** The checked spec of {@link Named}. */
export function named<P extends Origin>(who: string, { name, from }: Named<P>): NamedLayer & Reads<P> {
  const usable = (value: unknown) => typeof value === 'string' && value !== ''
  if (name !== undefined && !usable(name)) {
    refuse(who, 'name', 'a string', name)
  }
  const origins = typeof from === 'string' ? [from] : from
  if (origins !== undefined && !(Array.isArray(origins) && origins.length > 0 && origins.every(usable))) {
    throw new HebbError('option', `${who}: from must be the name of a layer or input, or a list of names`)
  }
  const spec = { ...(name === undefined ? {} : { name }), ...(from === undefined ? {} : { from }) }
  return spec as NamedLayer & Reads<P>
}

/** A {@link Padding} as layers store it. */
export type Sides = 'same' | [[number, number], [number, number]]

/** The checked spec of a {@link Padding}. */
export function sides(who: string, padding: Padding): Sides {
  if (padding === 'same') return padding
  if (typeof padding === 'string') {
    const must = /^(valid|none)$/i.test(padding) ? '0' : "'same' or in numbers"
    refuse(who, 'padding', must, padding)
  }
  if (!Array.isArray(padding) || !padding.some(Array.isArray)) {
    const [h, w] = pair(who, 'padding', padding, 0)
    return [
      [h, h],
      [w, w],
    ]
  }
  if (padding.length !== 2 || !padding.every((side) => Array.isArray(side) && side.length === 2)) {
    throw new HebbError(
      'option',
      `${who}: padding must be a number, a pair [h, w], [[top, bottom], [left, right]] or 'same'`,
    )
  }
  const side = ([before, after]: number[]): [number, number] => [
    checkWhole(who, 'padding', before, 0),
    checkWhole(who, 'padding', after, 0),
  ]
  return [side(padding[0]), side(padding[1])]
}
