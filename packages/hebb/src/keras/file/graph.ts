// Which layers a model calls, in which order, and what each call reads. A layer may be called several times, with the same weights,
// and be a model itself, whose layers are then called in its place.
import { damaged } from './damaged'
import {
  type Config,
  isModel,
  isObject,
  isShape,
  type KerasCall,
  type KerasLayer,
  layersOf,
  type OpenShape,
  readLayers,
} from './layer'

export interface KerasModel {
  /** Each after those that it reads. */
  calls: readonly KerasCall[]
  /** The inputs with the shape of a sample; null where it is open. */
  inputs: readonly (readonly [key: string, shape: OpenShape])[]
  /** The keys of the outputs. */
  outputs: readonly string[]
}

/** The most calls of a model, and the most models within each other. */
const MAX_CALLS = 10_000
const MAX_DEPTH = 20

/** Reads `{ class_name, config }`. */
export function readModel(json: unknown): KerasModel {
  const { class_name: kind } = isObject(json) ? json : {}
  if (!isModel(kind)) {
    layersOf(json)
    return damaged(`it is a ${String(kind).slice(0, 80)}, neither Sequential nor Functional`)
  }
  const reader = new Reader()
  const { inputs, outputs } = reader.model(json, '', [])
  return { calls: inOrder(reader.calls), inputs, outputs }
}

/** The key of a call of a layer. */
const keyOf = (name: string, call: number) => (call === 0 ? name : `${name} (${call})`)

/** The shape of a sample that a layer says it reads. */
function shapeOf({ config }: KerasLayer): OpenShape | undefined {
  const shape = config.batch_shape ?? config.batch_input_shape ?? config.batchInputShape
  return isShape(shape) ? shape.slice(1) : undefined
}

class Reader {
  readonly calls: KerasCall[] = []

  /** Adds the calls of a model; its keys begin with `prefix`, `within` are the models that it is in. */
  model(json: unknown, prefix: string, within: readonly KerasLayer[]): Omit<KerasModel, 'calls'> {
    if (within.length > MAX_DEPTH) damaged(`more than ${MAX_DEPTH} models are within each other`)
    const layers = readLayers(json, within)
    const { class_name: kind, config } = json as Config
    return kind === 'Sequential'
      ? this.#sequential(layers, config, prefix)
      : this.#functional(layers, json, prefix)
  }

  #sequential(all: readonly KerasLayer[], config: unknown, prefix: string) {
    const built = isObject(config) ? config.build_input_shape : undefined
    const shape =
      shapeOf(all[0]!) ?? (isShape(built) ? built.slice(1) : damaged('it does not say what it reads'))
    const given = all[0]!.kind === 'InputLayer'
    const layers = given ? all.slice(1) : all
    if (layers.length === 0) damaged('it has no layers')
    const input = prefix + (given ? all[0]!.name : '')
    let before = input
    for (const layer of layers) {
      const key = prefix + layer.name
      this.#call(layer, key, [before])
      before = key
    }
    return { inputs: [[input, shape]] as const, outputs: [before] }
  }

  #functional(layers: readonly KerasLayer[], json: unknown, prefix: string) {
    const list = layersOf(json)
    const { config } = json as { config: Config }
    const shapes = new Map<string, OpenShape>()
    layers.forEach((layer, at) => {
      if (layer.kind === 'InputLayer') {
        shapes.set(layer.name, shapeOf(layer) ?? damaged(`the input ${layer.name} has no shape`))
        return
      }
      const nodes = (list[at] as Config).inbound_nodes
      if (!Array.isArray(nodes) || nodes.length === 0) damaged(`the layer ${layer.name} reads nothing`)
      ;(nodes as unknown[]).forEach((node, own) => {
        const read = isObject(node) ? histories(node.args) : references(node)
        if (read.length === 0) damaged(`the layer ${layer.name} reads nothing`)
        const inputs = read.map((key) => prefix + key)
        this.#call(layer, prefix + keyOf(layer.name, own), inputs)
      })
    })
    const outputs = references(config.output_layers)
    if (shapes.size === 0 || outputs.length === 0) damaged('it has no inputs or no outputs')
    // Those that a model within another one is called with come in this order.
    const named = config.input_layers === undefined ? [] : references(config.input_layers)
    const order =
      named.length === shapes.size && named.every((name) => shapes.has(name)) ? named : [...shapes.keys()]
    return {
      inputs: order.map((name) => [prefix + name, shapes.get(name)!] as const),
      outputs: outputs.map((key) => prefix + key),
    }
  }

  /** Adds a call of a layer, or what a model calls. */
  #call(layer: KerasLayer, key: string, inputs: readonly string[]): void {
    if (this.calls.length >= MAX_CALLS) damaged(`it has more than ${MAX_CALLS} calls of layers`)
    if (!isModel(layer.kind)) {
      this.calls.push({ ...layer, key, inputs })
      return
    }
    const inner = this.model({ class_name: layer.kind, config: layer.config }, `${key}/`, [
      ...layer.within,
      layer,
    ])
    if (inner.inputs.length !== inputs.length || inner.outputs.length !== 1)
      damaged(`the model ${layer.name} has several outputs, or reads another number of values`)
    // Its inputs and its output are other names of values.
    const alias = (own: string, of: string) => {
      this.calls.push({ ...layer, kind: 'InputLayer', key: own, inputs: [of] })
    }
    inner.inputs.forEach(([own], at) => {
      alias(own, inputs[at]!)
    })
    alias(key, inner.outputs[0]!)
  }
}

/** The calls in an order in which each follows those that it reads; that of the file if it is one. */
function inOrder(calls: readonly KerasCall[]): KerasCall[] {
  const byKey = new Map(calls.map((call) => [call.key, call]))
  if (byKey.size < calls.length) damaged('two layers have the same name')
  const done = new Set<KerasCall>()
  const open = new Set<KerasCall>()
  for (const call of calls) {
    const stack = [call]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const own = done.has(top) ? [] : top.inputs.flatMap((key) => byKey.get(key) ?? [])
      const missing = own.find((one) => !done.has(one))
      if (missing && (missing === top || open.has(missing))) damaged(`the layer ${missing.name} reads itself`)
      if (missing) {
        open.add(top)
        stack.push(missing)
      } else {
        open.delete(top)
        done.add(top)
        stack.pop()
      }
    }
  }
  return [...done]
}

/** The calls that tensors come from, which are arguments or lists of them. */
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
  if (typeof value[0] === 'string') return [reference(value)]
  return value.map(reference)
}

function reference(value: unknown): string {
  const [name, node, output] = Array.isArray(value) ? value : []
  if (typeof name !== 'string' || !Number.isSafeInteger(node) || node < 0)
    return damaged('a layer does not say what it reads')
  if (output !== 0) damaged(`an output of ${name} other than its first is used`)
  return keyOf(name, node)
}
