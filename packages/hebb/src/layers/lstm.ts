import { checkKeys } from '../options'
import type { Fixed, Origin, Reads } from './common'
import {
  type Direction,
  RECURRENT,
  type RecurrentLayer,
  type RecurrentOptions,
  type Returns,
  recurrent,
} from './recurrent'

/** An {@link lstm} layer. */
export interface LstmLayer<
  U extends number = number,
  R extends Returns = Returns,
  D extends Direction = Direction,
> extends RecurrentLayer<U, R, D> {
  type: 'lstm'
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000):
 * `[T, features]` → `[units]`, the last state, or `[T, units]`, all states. Each gate has weights of its own:
 * i, f, o = σ(W_ih·x(t) + b_ih + W_hh·h(t−1) + b_hh), g = tanh(…); c(t) = f·c(t−1) + i·g, h(t) = o·tanh(c(t)).
 *
 * W_ih is `[4·units, features]` and W_hh `[4·units, units]`, gate by gate in the order i, f, g, o, named `weight_ih_l0`, … as in
 * PyTorch. Of `predict(x, { state })` it has two states: h by the layer's name, and c by `<name>.c`.
 */
export function lstm<
  const U extends number,
  const R extends Returns = 'last',
  const P extends Origin = never,
  const D extends Direction = 'forward',
>(options: RecurrentOptions<U, R, P, D>): LstmLayer<U, Fixed<R>, Fixed<D>> & Reads<P> {
  checkKeys('lstm', options, RECURRENT)
  return { ...recurrent('lstm', options), type: 'lstm' } as LstmLayer<U, Fixed<R>, Fixed<D>> & Reads<P>
}
