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

export interface GruOptions<
  U extends number = number,
  R extends Returns = Returns,
  P extends Origin = Origin,
  D extends Direction = Direction,
> extends RecurrentOptions<U, R, P, D> {
  /**
   * What the reset gate r multiplies: W_hh·h(t−1) + b_hh, that is `'after'` the product, which is the default, as in PyTorch
   * and cuDNN; or h(t−1), `'before'` it, as in the paper.
   */
  reset?: 'after' | 'before'
}

/** A {@link gru} layer. */
export interface GruLayer<
  U extends number = number,
  R extends Returns = Returns,
  D extends Direction = Direction,
> extends RecurrentLayer<U, R, D> {
  type: 'gru'
  reset: 'after' | 'before'
}

/**
 * The gated recurrent unit (Cho et al. 2014): `[T, features]` → `[units]`, the last state, or `[T, units]`, all states. Each gate
 * has weights of its own: r, z = σ(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh), n = tanh(W_ih·x(t) + b_ih + r·(W_hh·h(t−1) + b_hh)),
 * h(t) = (1 − z)·n + z·h(t−1).
 *
 * W_ih is `[3·units, features]` and W_hh `[3·units, units]`, gate by gate in the order r, z, n, named `weight_ih_l0`, … as in
 * PyTorch.
 */
export function gru<
  const U extends number,
  const R extends Returns = 'last',
  const P extends Origin = never,
  const D extends Direction = 'forward',
>(options: GruOptions<U, R, P, D>): GruLayer<U, Fixed<R>, Fixed<D>> & Reads<P> {
  checkKeys('gru', options, [...RECURRENT, 'reset'])
  return {
    ...recurrent('gru', options),
    type: 'gru',
    reset: checkName('gru', 'reset', options.reset ?? 'after', ['after', 'before']),
  } as GruLayer<U, Fixed<R>, Fixed<D>> & Reads<P>
}
