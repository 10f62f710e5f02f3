import { HebbError } from '../errors'
import type { Layer } from '../layers'
import { checkKeys } from '../options'
import type { Tensor } from '../tensor'
import { Network } from './network'
import { type NetworkSpec, toSpec } from './spec'

export interface WithHeadOptions {
  /** The last layer that is kept. Default: the one before the last layer with parameters. */
  after?: string
  /** The seed of the new layers' weights, and of dropout. Default 0. */
  seed?: number
  /** The names of the new classes. */
  classes?: readonly string[]
}

/**
 * A network with new last layers, the head, for other classes: all layers before it have the weights of `net`, and images are
 * prepared in the same way. `net` does not change; each has to be disposed of. Freeze the kept layers with the option `rates` of `fit`,
 * or give them a smaller rate.
 *
 * @example const net = await withHead(await lenet5({ weights: 'mnist' }), [dense({ name: 'letters', units: 26, activation: 'softmax' })])
 *   await net.fit(letters, { rates: { '*': 0, letters: 1 } })
 * @throws HebbError `option`; `shape` if the head does not fit what is kept
 */
export async function withHead(
  net: Network,
  head: readonly Layer[],
  options: WithHeadOptions = {},
): Promise<Network> {
  const who = 'withHead'
  if (!(net instanceof Network) || !Array.isArray(head) || head.length === 0) {
    throw new HebbError('option', `${who} takes a network and a list of layers`)
  }
  checkKeys(who, options, ['after', 'seed', 'classes'])
  const { spec, description } = net
  const { layers, outputs } = description
  if (outputs.length > 1) throw new HebbError('option', `${who} takes a network with one output`)
  const names = layers.map(({ name }) => name)
  const {
    after = names[layers.findLastIndex(({ parameters }) => parameters > 0) - 1],
    seed,
    classes,
  } = options
  const last = names.indexOf(after as string)
  if (last < 0) {
    throw new HebbError(
      'option',
      `${who}: after must be the name of a layer that is kept: ${names.join(', ')}`,
    )
  }
  const { outputs: _, ...rest } = spec
  const drawn = toSpec(layers[last]!.output as [number], head, {
    classes,
    ...(seed !== undefined && { seed }),
  })
  // On its own, because the weights of the kept layers may take long to draw.
  const fresh = await weightsOf(drawn)
  const all = [...spec.layers.slice(0, last + 1), ...head]
  const copy = await Network.create({ ...rest, seed: drawn.seed, layers: all }, classes, true)
  try {
    const [own, old] = [copy.description.tensors, await net.weights()]
    const from = own.length - fresh.length
    const weights = own.map(({ name }, i) => [name, i < from ? old[name]! : fresh[i - from]!] as const)
    await copy.setWeights(Object.fromEntries(weights))
    return copy
  } catch (error) {
    copy.dispose()
    throw error
  }
}

/** The initial weights of a network, in the order of its tensors. */
async function weightsOf(spec: NetworkSpec): Promise<Tensor[]> {
  const net = await Network.create(spec)
  try {
    return Object.values(await net.weights())
  } finally {
    net.dispose()
  }
}
