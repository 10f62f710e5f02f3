import { checkName } from '../options'

/** The activations: x, 1/(1+e⁻ˣ), tanh x, max(0, x), e^x/Σe^x. */
export type Activation = 'identity' | 'sigmoid' | 'tanh' | 'relu' | 'softmax'
export const ACTIVATIONS = ['identity', 'sigmoid', 'tanh', 'relu', 'softmax'] as const

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

/** One number for both dimensions, or `[height, width]`. */
export type Pair = number | readonly [number, number]

export interface Named {
  /** The layer's name; by default its kind and number: `conv1`, `pool1`, `dense1`, … */
  name?: string
}

/** The options that conv2d and dense share. */
export interface Weighted extends Named {
  /** Default `'identity'`. */
  activation?: Activation
  /** Whether a bias is added. Default true. */
  bias?: boolean
  /** How the weights start. */
  initializer?: Initializer
}

/** The checked spec of {@link Weighted}. */
export function weighted(who: string, options: Weighted) {
  return {
    ...named(options),
    activation: checkName(who, 'activation', options.activation ?? 'identity', ACTIVATIONS),
    bias: options.bias ?? true,
    ...(options.initializer === undefined
      ? {}
      : { initializer: checkName(who, 'initializer', options.initializer, INITIALIZERS) }),
  }
}

export function named(options: Named) {
  return options.name === undefined ? {} : { name: options.name }
}
