import { type Activation, dense, rnn } from '../layers'
import { Network } from '../network/network'
import { toSpec } from '../network/spec'
import { checkKeys, checkWhole } from '../options'

export interface ElmanOptions {
  /** The features of a time step. */
  inputs: number
  /** The values of the state. */
  units: number
  /** The outputs of a time step. */
  outputs: number
  /** T, the time steps of a sample. */
  steps: number
  /** The activation O of the outputs. Default `'identity'`. */
  activation?: Activation
  /** The seed of the initial weights. Default 0. */
  seed?: number
}

/**
 * Elman's network ("Finding structure in time", 1990), `[T, inputs]` → `[T, outputs]`: h(t) = tanh(U·x(t) + W·h(t−1) + B),
 * y(t) = O(V·h(t) + C). Its layers are named `h` and `y`.
 *
 * @throws HebbError `option`
 */
export async function elman(options: ElmanOptions): Promise<Network> {
  const who = 'elman'
  checkKeys(who, options, ['inputs', 'units', 'outputs', 'steps', 'activation', 'seed'])
  const { activation = 'identity', seed = 0 } = options
  const sizes = ['inputs', 'units', 'outputs', 'steps'] as const
  const [inputs, units, outputs, steps] = sizes.map((name) => checkWhole(who, name, options[name], 1))
  const layers = [
    rnn({ units: units!, returns: 'all', name: 'h' }),
    dense({ units: outputs!, activation, name: 'y' }),
  ]
  return Network.create(toSpec([steps!, inputs!], layers, { seed }))
}
