// The layers of a model, from the JSON of Keras 2, Keras 3 or TensorFlow.js.
import { damaged } from './damaged'

/** A layer, as Keras describes it. */
export interface KerasLayer {
  kind: string
  name: string
  config: Config
  /** Its name in `.keras` files. */
  id: string
  /** The models that it is in, from the outermost on. */
  within: readonly KerasLayer[]
}

/** A call of a layer. */
export interface KerasCall extends KerasLayer {
  /** What other calls name it by. */
  key: string
  /** The keys of the calls or inputs that it reads. */
  inputs: readonly string[]
}

export type Config = Readonly<Record<string, unknown>>

/** The shape of a sample; null where it is open. */
export type OpenShape = readonly (number | null)[]

/** The most layers of a model. */
const MAX_LAYERS = 10_000

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isModel = (kind: unknown) => kind === 'Sequential' || kind === 'Model' || kind === 'Functional'

export const isShape = (shape: unknown): shape is (number | null)[] =>
  Array.isArray(shape) && shape.slice(1).every((n) => n === null || (Number.isSafeInteger(n) && n > 0))

/** The list of layers in `{ class_name, config }`. */
export function layersOf(json: unknown): readonly unknown[] {
  const { config } = isObject(json) ? json : {}
  const list = Array.isArray(config) ? config : isObject(config) ? config.layers : undefined
  if (!Array.isArray(list) || list.length === 0) return damaged('it has no layers')
  if (list.length > MAX_LAYERS) damaged(`it has ${list.length} layers`)
  return list
}

/** The layers of a model, which is within others. */
export function readLayers(json: unknown, within: readonly KerasLayer[]): KerasLayer[] {
  const counts = new Map<string, number>()
  return layersOf(json).map((one) => readLayer(one, counts, within))
}

/** `SimpleRNN` as `simple_rnn`. */
const snake = (kind: string) =>
  kind
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

function readLayer(json: unknown, counts: Map<string, number>, within: readonly KerasLayer[]): KerasLayer {
  const { class_name: kind, config, name: outer } = isObject(json) ? json : {}
  const usable = isObject(config) || (isModel(kind) && Array.isArray(config))
  if (typeof kind !== 'string' || !usable) return damaged('a layer has no class_name or config')
  const name = outer ?? (config as Config).name
  if (typeof name !== 'string') return damaged(`a ${kind.slice(0, 80)} has no name`)
  const stem = snake(kind.slice(0, 80))
  const count = counts.get(stem) ?? 0
  counts.set(stem, count + 1)
  return { kind, name, config: config as Config, id: count > 0 ? `${stem}_${count}` : stem, within }
}
