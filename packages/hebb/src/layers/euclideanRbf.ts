import { checkKeys, checkNumber, refuse } from '../options'
import { type Activation, checkActivation } from './activations'
import { type Decides, type Named, type NamedLayer, named, type Origin, type Reads } from './common'

export interface EuclideanRbfOptions<P extends Origin = Origin, A extends Activation = Activation>
  extends Named<P> {
  /** The fixed centers, `[units][features]`. */
  centers: readonly (readonly number[])[]
  /** Default `'identity'`: the outputs are logits. */
  activation?: A
}

/** A {@link euclideanRbf} layer. */
export interface EuclideanRbfLayer extends NamedLayer {
  type: 'euclideanRbf'
  centers: readonly (readonly number[])[]
  activation: Activation
}

/**
 * The Euclidean radial basis functions of LeNet-5's output (LeCun et al. 1998): `[features]` → `[units]`, y = −‖x − c‖² with a fixed
 * center c per unit, the minus of the paper's y. They are logits, and have no parameters: with softmax the nearest center has the
 * largest probability. The paper's loss is `crossEntropy({ rubbish: j })`.
 *
 * @throws HebbError `option` for a wrong option; `network` throws `shape` if the centers do not fit the features
 */
export function euclideanRbf<const P extends Origin = never, const A extends Activation = 'identity'>(
  options: EuclideanRbfOptions<P, A>,
): EuclideanRbfLayer & Reads<P> & Decides<A> {
  const who = 'euclideanRbf'
  checkKeys(who, options, ['centers', 'activation', 'name', 'from'])
  const { centers, activation = 'identity' } = options
  if (!Array.isArray(centers) || ![...centers].every(Array.isArray)) {
    refuse(who, 'centers', 'a list of numbers for each unit', centers)
  }
  const layer = {
    type: who,
    ...named(who, options),
    centers: centers.map((center) =>
      Array.from(center, (n) => checkNumber(who, 'centers', n, () => true, 'finite')),
    ),
    activation: checkActivation(who, 'activation', activation),
  }
  return layer as EuclideanRbfLayer & Reads<P> & Decides<A>
}
