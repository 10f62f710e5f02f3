// What recurrent layers share. Not exported by itself.
import { HebbError } from '../errors'
import { checkName, checkNumber, checkWhole } from '../options'
import { type NamedLayer, type Origin, type Reads, WEIGHTED, type Weighted, weighted } from './common'

/** The states that are a recurrent layer's output: the last, `[units]`, or all, `[T, units]`. */
export type Returns = 'last' | 'all'

/** The order in which a recurrent layer reads the time steps; `'both'` has weights for each, and twice as many outputs. */
export type Direction = 'forward' | 'backward' | 'both'

/** The options that recurrent layers share. */
export interface RecurrentOptions<
  U extends number = number,
  R extends Returns = Returns,
  P extends Origin = Origin,
  D extends Direction = Direction,
> extends Omit<Weighted<P>, 'activation'> {
  /** The number of values of a state. */
  units: U
  /** The output: the `'last'` state, which is the default, or `'all'` states. */
  returns?: R
  /**
   * The order of the time steps. Default `'forward'`. With `'both'` the output is `[…, 2·units]`: the states of the pass forward,
   * then those of the pass backward, whose last state is that of the first time step. Its weights are named
   * `weight_ih_l0_reverse`, ….
   */
  direction?: D
  /** Levels, each of which reads all states of the one below; the weights of the second are `weight_ih_l1`, …. Default 1. */
  layers?: number
  /** The rate of dropout between the levels, 0 to below 1. Default 0: none. */
  dropout?: number
  /**
   * The states before the first time step if none are given: `'zeros'`, which is the default, or parameters that are
   * `'learned'`, `initial_h_l0` and of an LSTM `initial_c_l0`.
   */
  initialState?: 'zeros' | 'learned'
}
export const RECURRENT: readonly string[] = [
  'units',
  'returns',
  'direction',
  'layers',
  'dropout',
  'initialState',
  ...WEIGHTED.filter((name) => name !== 'activation'),
]

/** The fields that recurrent layers share. */
export interface RecurrentLayer<
  U extends number = number,
  R extends Returns = Returns,
  D extends Direction = Direction,
> extends NamedLayer {
  units: U
  returns: R
  direction: D
  layers: number
  dropout: number
  initialState: 'zeros' | 'learned'
  bias: boolean
}

/** The checked spec of {@link RecurrentOptions}. */
export function recurrent<U extends number, R extends Returns, P extends Origin, D extends Direction>(
  who: string,
  options: RecurrentOptions<U, R, P, D>,
): RecurrentLayer<U, R, D> & Reads<P> {
  const layers = checkWhole(who, 'layers', options.layers ?? 1, 1)
  const fits = (rate: number) => rate >= 0 && rate < 1
  const dropout = checkNumber(who, 'dropout', options.dropout ?? 0, fits, 'at least 0 and below 1')
  if (dropout > 0 && layers === 1) {
    throw new HebbError(
      'option',
      `${who}: dropout acts between the levels of a layer, and this one has a single level: give layers: 2, or add dropout() after it`,
    )
  }
  const { activation: _, ...spec } = weighted(who, options as Weighted<P>)
  return {
    ...spec,
    units: checkWhole(who, 'units', options.units, 1) as U,
    returns: checkName(who, 'returns', options.returns ?? 'last', ['last', 'all']) as R,
    direction: checkName(who, 'direction', options.direction ?? 'forward', [
      'forward',
      'backward',
      'both',
    ]) as D,
    layers,
    dropout,
    initialState: checkName(who, 'initialState', options.initialState ?? 'zeros', ['zeros', 'learned']),
  } as RecurrentLayer<U, R, D> & Reads<P>
}
