import { checkKeys, checkNumber } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface StandardizeOptions<P extends Origin = Origin> extends Named<P> {
  /** For all values, or one for each feature of `[features]`, each channel of `[C, H, W]`. */
  mean: number | readonly number[]
  /** Above 0; likewise. */
  deviation: number | readonly number[]
}

/** A {@link standardize} layer. */
export interface StandardizeLayer extends NamedLayer {
  type: 'standardize'
  mean: number | readonly number[]
  deviation: number | readonly number[]
}

/** (x − mean) / deviation: the scaling of the inputs as a part of the model, saved with it. */
export function standardize<const P extends Origin = never>(
  options: StandardizeOptions<P>,
): StandardizeLayer & Reads<P> {
  const who = 'standardize'
  checkKeys(who, options, ['mean', 'deviation', ...NAMED])
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
  }
}
