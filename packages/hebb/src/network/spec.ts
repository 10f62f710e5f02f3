// The spec of a network, and its checks.
import type { Preprocessing } from '../data/images/preprocessing'
import type { NamedShape } from '../data/named'
import { HebbError } from '../errors'
import type { Inputs, Layer } from '../layers'
import { checkKeys, checkWhole, isTexts, refuse } from '../options'

export interface NetworkOptions<Classes = readonly string[]> {
  /** The seed of the initial weights and of dropout. Default 0. */
  seed?: number
  /** The names of the classes, one for each output, for example those that `fromCsv` returns. */
  classes?: Classes | undefined
  /** The names of the layers whose outputs are the network's. Default: the last layer. */
  outputs?: readonly string[]
  /** How images are prepared for it, made by `datasets.preprocessing`: saved with the network, used by `classifyImage`. */
  preprocessing?: Preprocessing
}

/** The spec of a network, as it is saved with the model. */
export interface NetworkSpec {
  /** The shape of one sample, or the inputs with their shapes. */
  input: readonly number[] | readonly NamedShape[]
  seed: number
  layers: readonly Layer[]
  outputs?: readonly string[]
  preprocessing?: Preprocessing
}

/** The spec from the arguments of {@link network}. The engine checks whether the layers fit. */
export function toSpec(input: Inputs, layers: readonly Layer[], options: NetworkOptions): NetworkSpec {
  checkKeys('network', options, ['seed', 'classes', 'outputs', 'preprocessing'])
  if (typeof input !== 'object' || input === null || !Array.isArray(layers)) {
    throw new HebbError('option', 'network takes the shape of one sample and a list of layers')
  }
  const shape = (sizes: unknown): readonly number[] => {
    if (!Array.isArray(sizes)) throw new HebbError('option', 'network: a shape is a list of whole numbers')
    return sizes.map((n) => checkWhole('network', 'each size of the input', n, 1))
  }
  const seed = checkWhole('network', 'seed', options.seed ?? 0, 0)
  const inputs = Array.isArray(input)
    ? shape(input)
    : Object.entries(input).map(([name, sizes]): NamedShape => [name, shape(sizes)])
  const { outputs, classes, preprocessing } = options
  if (classes !== undefined && !isTexts(classes)) refuse('network', 'classes', 'a list of names', classes)
  if (outputs !== undefined && !isTexts(outputs)) refuse('network', 'outputs', 'a list of names', outputs)
  return { input: inputs, seed, layers, ...(outputs && { outputs }), ...(preprocessing && { preprocessing }) }
}
