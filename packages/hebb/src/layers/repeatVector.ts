import { checkKeys, checkWhole } from '../options'
import { NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface RepeatVectorOptions<P extends Origin = Origin> extends Named<P> {
  /** The number of time steps. */
  steps: number
}

/** A {@link repeatVector} layer. */
export interface RepeatVectorLayer extends NamedLayer {
  type: 'repeatVector'
  steps: number
}

/**
 * The same features at every time step: `[features]` → `[steps, features]`. A recurrent layer after it makes a sequence of one
 * vector (one-to-many); between two of them it makes one sequence of another (an encoder and a decoder).
 *
 * @example network([8], [repeatVector({ steps: 20 }), gru({ units: 32, returns: 'all' }), dense({ units: 1 })])
 */
export function repeatVector<const P extends Origin = never>(
  options: RepeatVectorOptions<P>,
): RepeatVectorLayer & Reads<P> {
  checkKeys('repeatVector', options, ['steps', ...NAMED])
  const steps = checkWhole('repeatVector', 'steps', options.steps, 1)
  return { type: 'repeatVector', ...named('repeatVector', options), steps }
}
