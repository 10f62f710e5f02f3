import { checkKeys } from '../options'
import { type Activation, checkActivation } from './activations'
import { NAMED, type Named, named, type Origin } from './common'

/** An activation as a layer of its own; usually a layer's option `activation` is all you need. */
export function activation<const P extends Origin = never>(kind: Activation, options: Named<P> = {}) {
  checkKeys('activation', options, NAMED)
  return {
    type: 'activation' as const,
    ...named('activation', options),
    activation: checkActivation('activation', 'its kind', kind),
  }
}
