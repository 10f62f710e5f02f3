import { isLengths, type NamedShape } from '../data/named'
import { HebbError } from '../errors'
import { checkWhole } from '../options'
import { fromWeights } from './fromWeights'
import { Network } from './network'

/** The only sequence that a network reads, `[T, features]` or tokens `[T]`; its lengths may be another input. */
export function sequenceOf(net: Network): NamedShape | undefined {
  const { layers, inputs } = net.description
  const [first, ...more] = inputs.filter(([name]) => !isLengths(name))
  if (!first || more.length > 0) return undefined
  const reads = layers.some(({ type, from }) => type === 'embedding' && from.includes(first[0]))
  return first[1].length === 2 || reads ? first : undefined
}

/**
 * The same network, with a copy of its weights, for sequences of `steps` time steps instead of T: `[steps]` instead of tokens
 * `[T]`, `[steps, features]` instead of `[T, features]`. With one step it reads a stream, with `predict(x, { state })`. It is
 * independent of the first: later training of one does not change the other, and each has to be disposed of. Its samples have
 * all `steps` time steps: an input of their lengths is left out.
 *
 * @throws HebbError `option`; `shape` if the network reads no sequence, or if a layer's weights depend on T, as those of a
 * `dense` layer after `flatten` do
 */
export async function withSteps(net: Network, steps: number): Promise<Network> {
  if (!(net instanceof Network))
    throw new HebbError('option', 'withSteps takes a network and a number of steps')
  checkWhole('withSteps', 'steps', steps, 1)
  const { spec, classes } = net
  const sequence = sequenceOf(net)
  if (!sequence) {
    const { inputs } = net.description
    throw new HebbError(
      'shape',
      `withSteps needs a network of one sequence, [T, features] or tokens [T], not ${inputs.map(([name, own]) => `${name} [${own}]`).join(', ')}`,
    )
  }
  const [name, [, ...features]] = sequence
  const own = [steps, ...features]
  const given = Array.isArray(spec.input[0]) ? [[name, own] as const] : own
  return fromWeights({ ...spec, input: given }, await net.weights(), classes)
}
