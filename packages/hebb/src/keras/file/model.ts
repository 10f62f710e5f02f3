// The layers of a model and what each reads, from the JSON of Keras 2, Keras 3 or TensorFlow.js.
import { damaged } from './damaged'

/** A layer, as Keras describes it. */
export interface KerasLayer {
  kind: string
  name: string
  config: Config
  /** The names of the layers or inputs that it reads. */
  inputs: readonly string[]
  /** Its name in `.keras` files. */
  id: string
}

export type Config = Readonly<Record<string, unknown>>

export interface KerasModel {
  layers: readonly KerasLayer[]
  /** The inputs with the shape of a sample; null where it is open. */
  inputs: readonly (readonly [name: string, shape: readonly (number | null)[]])[]
  outputs: readonly string[]
}

/** The most layers of a model. */
const MAX_LAYERS = 10_000

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads `{ class_name, config }`. */
export function readModel(json: unknown): KerasModel {
  const { class_name: kind, config } = isObject(json) ? json : {}
  const list = Array.isArray(config) ? config : isObject(config) ? config.layers : undefined
  if (!Array.isArray(list) || list.length === 0) return damaged('it has no layers')
  if (list.length > MAX_LAYERS) damaged(`it has ${list.length} layers`)
  const counts = new Map<string, number>()
  const layers = list.map((one) => readLayer(one, counts))
  if (kind === 'Sequential') return sequential(layers, config)
  if (kind === 'Model' || kind === 'Functional') return functional(layers, list, config as Config)
  return damaged(`it is a ${String(kind).slice(0, 80)}, neither Sequential nor Functional`)
}

/** `SimpleRNN` as `simple_rnn`. */
const snake = (kind: string) =>
  kind
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

function readLayer(json: unknown, counts: Map<string, number>): KerasLayer {
  const { class_name: kind, config, name: outer } = isObject(json) ? json : {}
  if (typeof kind !== 'string' || !isObject(config)) return damaged('a layer has no class_name or config')
  const name = outer ?? config.name
  if (typeof name !== 'string') return damaged(`a ${kind.slice(0, 80)} has no name`)
  const stem = snake(kind.slice(0, 80))
  const count = counts.get(stem) ?? 0
  counts.set(stem, count + 1)
  return { kind, name, config, inputs: [], id: count > 0 ? `${stem}_${count}` : stem }
}

/** The shape of a sample that a layer says it reads. */
function shapeOf({ config }: KerasLayer): (number | null)[] | undefined {
  const shape = config.batch_shape ?? config.batch_input_shape ?? config.batchInputShape
  return isShape(shape) ? shape.slice(1) : undefined
}

const isShape = (shape: unknown): shape is (number | null)[] =>
  Array.isArray(shape) && shape.slice(1).every((n) => n === null || (Number.isSafeInteger(n) && n > 0))

function sequential(all: readonly KerasLayer[], config: unknown): KerasModel {
  const built = isObject(config) ? config.build_input_shape : undefined
  const shape =
    shapeOf(all[0]!) ?? (isShape(built) ? built.slice(1) : damaged('it does not say what it reads'))
  const given = all[0]!.kind === 'InputLayer'
  const layers = given ? all.slice(1) : all
  if (layers.length === 0) damaged('it has no layers')
  const input = given ? all[0]!.name : ''
  const chained = layers.map((layer, at) => ({ ...layer, inputs: [at > 0 ? layers[at - 1]!.name : input] }))
  return { layers: chained, inputs: [[input, shape]], outputs: [chained.at(-1)!.name] }
}

function functional(all: readonly KerasLayer[], list: readonly unknown[], config: Config): KerasModel {
  const layers = all.map((layer, at) => ({
    ...layer,
    inputs: inbound(layer, (list[at] as Config).inbound_nodes),
  }))
  const inputs = layers
    .filter(({ kind }) => kind === 'InputLayer')
    .map((layer) => [layer.name, shapeOf(layer) ?? damaged(`the input ${layer.name} has no shape`)] as const)
  const outputs = references(config.output_layers)
  if (inputs.length === 0 || outputs.length === 0) damaged('it has no inputs or no outputs')
  return { layers: layers.filter(({ kind }) => kind !== 'InputLayer'), inputs, outputs }
}

/** What a layer reads: `[[["conv1", 0, 0, {}]]]` of Keras 2, `[{ args }]` of Keras 3. */
function inbound({ name, kind }: KerasLayer, nodes: unknown): string[] {
  if (kind === 'InputLayer') return []
  if (!Array.isArray(nodes) || nodes.length === 0) return damaged(`the layer ${name} reads nothing`)
  if (nodes.length > 1) damaged(`the layer ${name} is used ${nodes.length} times`)
  const read = isObject(nodes[0]) ? histories(nodes[0].args) : references(nodes[0])
  return read.length > 0 ? read : damaged(`the layer ${name} reads nothing`)
}

/** The layers that tensors come from, which are arguments or lists of them. */
function histories(args: unknown): string[] {
  const tensors = Array.isArray(args) ? args.flat() : []
  return tensors.flatMap((tensor) => {
    const config = isObject(tensor) && isObject(tensor.config) ? tensor.config : {}
    return references(config.keras_history)
  })
}

/** `["conv1", 0, 0]` or a list of such. */
function references(value: unknown): string[] {
  if (!Array.isArray(value)) return damaged('a layer does not say what it reads')
  if (typeof value[0] === 'string') return reference(value)
  return value.flatMap(reference)
}

function reference(value: unknown): string[] {
  const [name, node, output] = Array.isArray(value) ? value : []
  if (typeof name !== 'string') return damaged('a layer does not say what it reads')
  if (node !== 0 || output !== 0) damaged(`an output of ${name} other than its first is used`)
  return [name]
}
