import { HebbError } from '../errors'
import { Network } from '../network/network'
import { size, type Tensor } from '../tensor'

/**
 * Without activations a deep network is one matrix: y = W·x + b with W `[outputs, inputs]`, multiplied in 64-bit floats
 * from the weights of its dense layers. They are the weights of `network([inputs], [dense({ units: outputs })])`.
 *
 * @throws HebbError `option` that names the layer with an activation, or of another kind
 */
export async function collapse(net: Network): Promise<{ weight: Tensor; bias: Tensor }> {
  if (!(net instanceof Network)) throw new HebbError('option', 'collapse takes a network')
  const flat = await net.engine.ask('collapse', [net.id])
  const outputs = size(net.outputs[0]!.shape)
  const inputs = flat.length / outputs - 1
  return {
    weight: { data: flat.slice(0, outputs * inputs), shape: [outputs, inputs] },
    bias: { data: flat.slice(outputs * inputs), shape: [outputs] },
  }
}
