import { HebbError } from '../errors'
import { checkFlag, checkName, checkWhole, pair, refuse } from '../options'
import { checkRegularization, type Regularization } from '../regularization'
import { type Activation, checkActivation } from './activations'

/** How weights start; biases start at zero. The default is `heNormal` before ReLU, else `glorotUniform`. */
export type Initializer =
  | 'glorotUniform'
  | 'glorotNormal'
  | 'heUniform'
  | 'heNormal'
  | 'lecunUniform'
  | 'lecunNormal'
  | 'zeros'
const INITIALIZERS = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'zeros',
] as const

/** What others call them. */
const ALIASES = {
  xavieruniform: 'glorotUniform',
  xaviernormal: 'glorotNormal',
  kaiminguniform: 'heUniform',
  kaimingnormal: 'heNormal',
}

/** One number for both dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/**
 * Zeros around an image: on all sides, `[top and bottom, left and right]`, `[[top, bottom], [left, right]]`, or
 * `'same'`: as many as make the output ⌈input / stride⌉, an odd one at the bottom and to the right.
 */
export type Padding = Pair | readonly [readonly [number, number], readonly [number, number]] | 'same'

/** The names of layers or inputs that a layer reads. */
export type Origin = string | readonly string[]

/** What every layer can be told. */
export interface Named<P extends Origin = Origin> {
  /** The layer's name; by default its kind and number: `conv1`, `pool1`, `dense1`, … */
  name?: string
  /** The layer or input that it reads, by name; by default the layer before. */
  from?: P
}
export const NAMED = ['name', 'from'] as const

/**
 * The part of a layer's type that says whether it reads other layers than the one before. (NoInfer: a layer written
 * straight into a list would else take it from what the list expects.)
 */
export type Reads<P extends Origin> = [P] extends [never] ? unknown : From<P>
export interface From<P extends Origin> {
  from: NoInfer<P>
}

/** The activations whose output is a class or labels, with their probabilities. */
export type Deciders = 'softmax' | 'logSoftmax' | 'sigmoid'

/** The part of a layer's type that says that its activation is one of {@link Deciders}. */
export type Decides<A extends Activation> = [A] extends [Deciders] ? { activation: NoInfer<A> } : unknown

/** What every layer holds. Layers have named types, so that the compiler's messages about them are short. */
export interface NamedLayer {
  name?: string
}

/** The options that conv2d and dense share. */
export interface Weighted<P extends Origin = Origin, A extends Activation = Activation> extends Named<P> {
  /** Default `'identity'`. */
  activation?: A
  /** Whether a bias is added. Default true. */
  bias?: boolean
  /** How the weights start. */
  initializer?: Initializer
  /** What its weights cost in the loss index; `{ l2: 0 }` is nothing. Default as `fit` and its like say for all layers. */
  regularization?: Regularization
}
export const WEIGHTED = ['activation', 'bias', 'initializer', 'regularization', 'name', 'from'] as const

/** What layers with weights hold. */
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
    ...(options.initializer === undefined
      ? {}
      : { initializer: checkName(who, 'initializer', options.initializer, INITIALIZERS, ALIASES) }),
    ...(regularization === undefined ? {} : { regularization: checkRegularization(regularization) }),
  }
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

/** A {@link Padding} as layers hold it. */
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
