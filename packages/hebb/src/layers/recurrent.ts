// What recurrent layers share. Not exported by itself.
import { checkName, checkWhole } from '../options'
import { type NamedLayer, type Origin, type Reads, WEIGHTED, type Weighted, weighted } from './common'

/** The states that are a recurrent layer's output: the last, `[units]`, or all, `[T, units]`. */
export type Returns = 'last' | 'all'

/** The options that recurrent layers share. */
export interface RecurrentOptions<
  U extends number = number,
  R extends Returns = Returns,
  P extends Origin = Origin,
> extends Omit<Weighted<P>, 'activation'> {
  /** The number of values of a state. */
  units: U
  /** The output: the `'last'` state, which is the default, or `'all'` states. */
  returns?: R
}
export const RECURRENT: readonly string[] = [
  'units',
  'returns',
  ...WEIGHTED.filter((name) => name !== 'activation'),
]

/** The fields that recurrent layers share. */
export interface RecurrentLayer<U extends number = number, R extends Returns = Returns> extends NamedLayer {
  units: U
  returns: R
  bias: boolean
}

/** The checked spec of {@link RecurrentOptions}. */
export function recurrent<U extends number, R extends Returns, P extends Origin>(
  who: string,
  options: RecurrentOptions<U, R, P>,
): RecurrentLayer<U, R> & Reads<P> {
  const { activation: _, ...spec } = weighted(who, options as Weighted<P>)
  return {
    ...spec,
    units: checkWhole(who, 'units', options.units, 1) as U,
    returns: checkName(who, 'returns', options.returns ?? 'last', ['last', 'all']) as R,
  } as RecurrentLayer<U, R> & Reads<P>
}
