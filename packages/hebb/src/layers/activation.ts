import { checkKeys, checkName } from '../options'
import { ACTIVATIONS, type Activation, type Named, named } from './common'

/** An activation as a layer of its own; usually a layer's option `activation` is all you need. */
export function activation(kind: Activation, options: Named = {}) {
  checkKeys('activation', options, ['name'])
  return {
    type: 'activation' as const,
    ...named(options),
    activation: checkName('activation', 'its kind', kind, ACTIVATIONS),
  }
}
