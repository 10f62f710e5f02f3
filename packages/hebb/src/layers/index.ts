// The layers: every function and type that is public.
export { type Activation, elu, leakyRelu } from './activations'
export * from './all'
export type { Initializer, Origin, Padding, Pair } from './common'
export type { ClassNames, Deciding, Fitting, Inputs, Layer, Shape, Shaped } from './flow'
export type { Direction, RecurrentOptions, Returns } from './recurrent'
