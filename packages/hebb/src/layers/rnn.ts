import { checkKeys, checkName } from '../options'
import type { Fixed, Origin, Reads } from './common'
import {
  type Direction,
  RECURRENT,
  type RecurrentLayer,
  type RecurrentOptions,
  type Returns,
  recurrent,
} from './recurrent'

/** The activations of a recurrent layer. */
export type RecurrentActivation = 'tanh' | 'sigmoid' | 'relu'

export interface RnnOptions<
  U extends number = number,
  R extends Returns = Returns,
  P extends Origin = Origin,
  D extends Direction = Direction,
> extends RecurrentOptions<U, R, P, D> {
  /** Default `'tanh'`. */
  activation?: RecurrentActivation
}

/** An {@link rnn} layer. */
export interface RnnLayer<
  U extends number = number,
  R extends Returns = Returns,
  D extends Direction = Direction,
> extends RecurrentLayer<U, R, D> {
  type: 'rnn'
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
  const R extends Returns = 'last',
  const P extends Origin = never,
  const D extends Direction = 'forward',
>(options: RnnOptions<U, R, P, D>): RnnLayer<U, Fixed<R>, Fixed<D>> & Reads<P> {
  checkKeys('rnn', options, [...RECURRENT, 'activation'])
  return {
    ...recurrent('rnn', options),
    type: 'rnn',
    activation: checkName('rnn', 'activation', options.activation ?? 'tanh', ['tanh', 'sigmoid', 'relu']),
  } as RnnLayer<U, Fixed<R>, Fixed<D>> & Reads<P>
}
