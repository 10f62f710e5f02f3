// Networks whose weights are known.
import type { Tensor } from '../tensor'
import { Network } from './network'
import type { NetworkSpec } from './spec'

/** A network with these weights; none is left if they do not fit. */
export async function fromWeights(
  spec: NetworkSpec,
  weights: Record<string, Tensor>,
  classes: readonly string[] | undefined,
): Promise<Network> {
  const net = await Network.create(spec, classes, true)
  try {
    await net.setWeights(weights)
    return net
  } catch (error) {
    net.dispose()
    throw error
  }
}
