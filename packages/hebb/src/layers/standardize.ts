import { checkKeys } from '../options'
import { type Named, named } from './common'

export interface StandardizeOptions extends Named {
  mean: number
  /** Above 0. */
  deviation: number
}

/** (x − mean) / deviation: the scaling of the inputs as a part of the model, saved with it. */
export function standardize(options: StandardizeOptions) {
  checkKeys('standardize', options, ['mean', 'deviation', 'name'])
  return { type: 'standardize' as const, ...named(options), mean: options.mean, deviation: options.deviation }
}
