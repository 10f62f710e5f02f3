import { checkKeys, pair } from '../options'
import { type Activation, checkActivation } from './activations'
import { type Named, type NamedLayer, named, type Origin, type Pair, type Reads } from './common'

export interface Subsample2dOptions<P extends Origin = Origin> extends Named<P> {
  /** Height and width of the window. */
  kernel: Pair
  /** Default `'identity'`. */
  activation?: Activation
}

/** A {@link subsample2d} layer. */
export interface Subsample2dLayer extends NamedLayer {
  type: 'subsample2d'
  kernel: [number, number]
  activation: Activation
}

/**
 * The subsampling of LeNet-5 (LeCun et al. 1998): `[C, H, W]` → `[C, ⌊H / kernel⌋, ⌊W / kernel⌋]`, y = f(w·Σx + b), the sum over
 * windows side by side. Its parameters are a coefficient w and a bias b for each channel, `<layer>.weight` and `<layer>.bias`
 * `[C]`, at first 1 / (kernel height · width), which makes it a mean, and 0.
 *
 * @throws HebbError `option` for a wrong option; `network` throws `shape` if the window does not fit
 */
export function subsample2d<const P extends Origin = never>(
  options: Subsample2dOptions<P>,
): Subsample2dLayer & Reads<P> {
  const who = 'subsample2d'
  checkKeys(who, options, ['kernel', 'activation', 'name', 'from'])
  return {
    type: who,
    ...named(who, options),
    kernel: pair(who, 'kernel', options.kernel, 1),
    activation: checkActivation(who, 'activation', options.activation ?? 'identity'),
  }
}
