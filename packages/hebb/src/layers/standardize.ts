import { checkKeys, checkNumber, refuse } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface StandardizeOptions<P extends Origin = Origin> extends Named<P> {
  /** One for all values, or one for each feature of `[features]` and `[T, features]` or channel of `[C, H, W]`. */
  mean: number | readonly number[]
  /** Above 0; likewise. */
  deviation: number | readonly number[]
  /** Whether to invert it: x · deviation + mean. Default false. */
  invert?: boolean
}

/** A {@link standardize} layer. */
export interface StandardizeLayer extends NamedLayer {
  type: 'standardize'
  mean: number | readonly number[]
  deviation: number | readonly number[]
  invert?: boolean
}

/**
 * (x − mean) / deviation: scales the inputs as a part of the model, saved with it. With `invert: true` and the scaling of
 * the targets, as the last layer, it gives outputs in the targets' units.
 *
 * @example standardize({ ...(await datasets.scaling.standard(train, { targets: true })), invert: true })
 */
export function standardize<const P extends Origin = never>(
  options: StandardizeOptions<P>,
): StandardizeLayer & Reads<P> {
  const who = 'standardize'
  checkKeys(who, options, ['mean', 'deviation', 'invert', ...NAMED])
  const { invert = false } = options
  if (typeof invert !== 'boolean') refuse(who, 'invert', 'true or false', invert)
  const each = (name: 'mean' | 'deviation', ok: (n: number) => boolean, range: string) => {
    const value = options[name]
    const check = (n: unknown) => checkNumber(who, name, n, ok, range)
    return Array.isArray(value) ? value.map(check) : check(value)
  }
  return {
    type: 'standardize',
    ...named(who, options),
    mean: each('mean', () => true, 'finite'),
    deviation: each('deviation', (n) => n > 0, 'above 0'),
    ...(invert && { invert }),
  }
}
