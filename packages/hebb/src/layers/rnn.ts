import { checkKeys, checkName, checkWhole } from '../options'
import { type Origin, type Reads, WEIGHTED, type Weighted, type WeightedLayer, weighted } from './common'

/** The activations of a recurrent layer. */
export type RecurrentActivation = 'tanh' | 'sigmoid' | 'relu'

export interface RnnOptions<
  U extends number = number,
  R extends 'last' | 'all' = 'last' | 'all',
  P extends Origin = Origin,
> extends Weighted<P, RecurrentActivation> {
  /** The number of values of a state. */
  units: U
  /** Default `'tanh'`. */
  activation?: RecurrentActivation
  /** The output: the `'last'` state, which is the default, or `'all'` states. */
  returns?: R
}

/** An {@link rnn} layer. */
export interface RnnLayer<U extends number = number, R extends 'last' | 'all' = 'last' | 'all'>
  extends WeightedLayer {
  type: 'rnn'
  units: U
  returns: R
  activation: RecurrentActivation
}

/**
 * Recurrent (Elman 1990): `[T, features]` → `[units]`, the last state, or `[T, units]`, all states:
 * h(t) = f(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh), with W_ih `[units, features]` and W_hh `[units, units]`, named
 * `weight_ih_l0`, … as in PyTorch. h(−1) is 0, or what `predict(x, { state })` is given. It is trained by backpropagation
 * through time over all time steps.
 */
export function rnn<
  const U extends number,
  const R extends 'last' | 'all' = 'last',
  const P extends Origin = never,
>(options: RnnOptions<U, R, P>): RnnLayer<U, NoInfer<R>> & Reads<P> {
  checkKeys('rnn', options, ['units', 'returns', ...WEIGHTED])
  checkWhole('rnn', 'units', options.units, 1)
  const all = weighted('rnn', { ...options, activation: options.activation ?? 'tanh' })
  return {
    ...all,
    activation: checkName('rnn', 'activation', all.activation, ['tanh', 'sigmoid', 'relu']),
    type: 'rnn',
    units: options.units,
    returns: checkName('rnn', 'returns', options.returns ?? 'last', ['last', 'all']) as R,
  } as RnnLayer<U, NoInfer<R>> & Reads<P>
}
