import { HebbError } from '../errors'
import { Network } from '../network/network'
import type { Tensor } from '../tensor'

/**
 * Reduces a deep network without activations to one matrix: y = W·x + b with W `[outputs, inputs]`, the product of the
 * weights of its dense layers in 64-bit floats. The result is the weights of
 * `network([inputs], [dense({ units: outputs })])`.
 *
 * @throws HebbError `option` with the name of a layer that has an activation or is not dense
 */
export async function collapse(net: Network): Promise<{ weight: Tensor; bias: Tensor }> {
  if (!(net instanceof Network)) throw new HebbError('option', 'collapse takes a network')
  const { weight, bias } = await net.engine.ask('collapse', [net.id])
  const outputs = bias.length
  return {
    weight: { data: weight, shape: [outputs, weight.length / outputs] },
    bias: { data: bias, shape: [outputs] },
  }
}
