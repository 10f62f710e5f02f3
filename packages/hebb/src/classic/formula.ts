import { HebbError } from '../errors'
import { type Symbolic, type Term, traced } from '../expression'

/** A function given by its formula. Made by {@link formula}. */
export interface Formula {
  readonly formula: (...x: Symbolic[]) => Term
}

/**
 * A function for `minimize` given by its formula: `f` is called once with a symbol for each variable. The engine
 * differentiates it exactly and needs no messages.
 *
 * @example formula((a, b) => a.minus(1).power(2).plus(b.plus(2).power(2).times(5)))
 */
export const formula = (f: Formula['formula']): Formula => ({ formula: f })

/** The operations of a formula with `variables` variables. */
export function operations(f: Formula['formula'], variables: number) {
  if (f.length > variables) {
    throw new HebbError('shape', `minimize: the formula has ${f.length} variables, x0 has ${variables}`)
  }
  return traced(
    'formula',
    Array.from({ length: variables }, (_, i) => ['variable', i] as const),
    f,
  )
}
