import { HebbError } from '../errors'
import { checkKeys, checkNumber, checkWhole } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface RbfOptions<U extends number = number, P extends Origin = Origin> extends Named<P> {
  /** The number of radial basis functions, which is that of outputs. */
  units: U
  /** The initial centers, `[units][features]`. Default: standard normal, for inputs that are standardised. */
  centers?: readonly (readonly number[])[]
  /** The initial σ above 0: one for all, or one for each unit. Default √features. */
  widths?: number | readonly number[]
}

/** An {@link rbf} layer. */
export interface RbfLayer<U extends number = number> extends NamedLayer {
  type: 'rbf'
  units: U
  centers?: readonly (readonly number[])[]
  widths?: number | readonly number[]
}

/**
 * Radial basis functions: `[features]` → `[units]`, y = exp(−‖x − c‖²/2σ²) with a trained center c and width σ per unit. Of a
 * sequence `[T, features]` it makes `[T, units]`, with the same centers for each time step. Its parameters are
 * `<layer>.centers` `[units, features]` and `<layer>.log_widths`, the logarithms of σ: so σ stays above 0. The `regularization` of
 * `fit` does not count them.
 *
 * @example network([2], [rbf({ units: 8, widths: 0.5 }), dense({ units: 1 })])
 */
export function rbf<const U extends number, const P extends Origin = never>(
  options: RbfOptions<U, P>,
): RbfLayer<U> & Reads<P> {
  checkKeys('rbf', options, ['units', 'centers', 'widths', ...NAMED])
  const units = checkWhole('rbf', 'units', options.units, 1) as U
  const { centers, widths } = options
  const each = <T>(name: string, list: unknown, check: (value: unknown) => T) => {
    if (Array.isArray(list) && list.length === units) return Array.from(list, check)
    throw new HebbError('option', `rbf: ${name} must be a list of ${units}, one for each unit`)
  }
  const coordinate = (n: unknown) => checkNumber('rbf', 'centers', n, () => true, 'finite')
  const width = (n: unknown) => checkNumber('rbf', 'widths', n, (n) => n > 0, 'above 0')
  return {
    type: 'rbf',
    ...named('rbf', options),
    units,
    ...(centers !== undefined && {
      centers: each('centers', centers, (center) => {
        if (Array.isArray(center)) return Array.from(center, coordinate)
        throw new HebbError('option', 'rbf: centers must be lists of numbers, one list for each unit')
      }),
    }),
    ...(widths !== undefined && {
      widths: Array.isArray(widths) ? each('widths', widths, width) : width(widths),
    }),
  }
}
