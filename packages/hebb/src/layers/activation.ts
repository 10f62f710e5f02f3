import { checkKeys } from '../options'
import { type Activation, checkActivation } from './activations'
import { type Decides, NAMED, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

/** An {@link activation} layer. */
export interface ActivationLayer extends NamedLayer {
  type: 'activation'
  activation: Activation
}

/** An activation as its own layer; usually the option `activation` of a layer is enough. */
export function activation<const A extends Activation, const P extends Origin = never>(
  kind: A,
  options: Named<P> = {},
): ActivationLayer & Reads<P> & Decides<A> {
  checkKeys('activation', options, NAMED)
  return {
    type: 'activation',
    ...named('activation', options),
    activation: checkActivation('activation', 'its kind', kind),
  } as ActivationLayer & Reads<P> & Decides<A>
}
