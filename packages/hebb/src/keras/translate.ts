// A model of Keras as the spec of a network, with its weights.
import { HebbError } from '../errors'
import type { NetworkSpec } from '../network/spec'
import { refuse } from '../options'
import { damaged } from './file/damaged'
import type { KerasModel } from './file/graph'
import type { Store } from './file/store'
import { ACTIVATIONS } from './layers/activations'
import { CONV } from './layers/conv'
import { DENSE } from './layers/dense'
import { inKerasOrder } from './layers/order'
import { SHAPES } from './layers/shapes'
import { Builder, hebbShape, inputForm, type Value } from './layers/value'
import { LayerView, type Owners, Unsupported } from './layers/view'

const TRANSLATORS = { ...ACTIVATIONS, ...CONV, ...DENSE, ...SHAPES }

/** The shape of one sample, or those of several inputs by name. */
export type SampleShapes = readonly number[] | Readonly<Record<string, readonly number[]>>

/** What the translation needs besides the model. */
export interface Translation {
  store: Store
  version: string
  input: SampleShapes | undefined
  seed: number
}

/** The spec of the network, and its weights. */
export function translate(model: KerasModel, { store, version, input, seed }: Translation) {
  const named = model.inputs.length > 1
  const network = new Builder(
    [...model.inputs, ...model.calls.map(({ name }) => [name])].map(([name]) => name!),
  )
  const values = new Map<string, Value>()
  const shapes = model.inputs.map(([name, open]): readonly [string, readonly number[]] => {
    const shape = sampleShape(name, open, input, named)
    const value = { name: named ? name : 'input', shape, form: inputForm(shape) }
    values.set(name, value)
    return [name, hebbShape(value)]
  })
  const problems = new Map<string, string[]>()
  const owners = new Map<string, string[]>()
  for (const layer of model.calls) {
    const inputs = layer.inputs.map((key) => values.get(key))
    // What follows from a layer that is refused is not worth a message.
    if (!inputs.every((value) => value !== undefined)) continue
    const id = [...layer.within, layer].map(({ name }) => name).join('/')
    const before = owners.get(id)
    const own: Owners = before ? { names: before, next: 0 } : { names: [] }
    owners.set(id, own.names)
    const view = new LayerView(layer, inputs, network, store, version, own)
    try {
      const translator = Object.hasOwn(TRANSLATORS, layer.kind) ? TRANSLATORS[layer.kind] : undefined
      values.set(layer.key, translator ? translator(view) : view.fail('is not supported'))
    } catch (error) {
      const why = `${layer.kind.slice(0, 80)} ${reason(error)}`
      problems.set(why, [...(problems.get(why) ?? []), layer.name.slice(0, 80)])
    }
  }
  if (problems.size > 0) throw unsupported(problems)
  const outputs = model.outputs.map((name) => {
    const value = values.get(name) ?? damaged(`nothing computes the output ${name}`)
    return value.planes ? inKerasOrder(network, value) : value.name
  })
  for (const name of outputs)
    if (model.inputs.some(([input]) => (named ? input : 'input') === name))
      damaged(`the output ${name} is an input`)
  const spec: NetworkSpec = {
    input: named ? shapes : shapes[0]![1],
    seed,
    layers: network.layers,
    ...((outputs.length > 1 || outputs[0] !== network.layers.at(-1)?.name) && { outputs }),
  }
  return { spec, weights: network.weights }
}

/** Why a layer has no counterpart; a layer's own refusal counts. */
function reason(error: unknown): string {
  if (error instanceof Unsupported) return error.message
  if (error instanceof HebbError && error.code !== 'file') return `is refused: ${error.message}`
  throw error
}

/** The most kinds of refusals in one message. */
const MAX_PROBLEMS = 40

function unsupported(problems: ReadonlyMap<string, readonly string[]>): HebbError {
  const lines = [...problems].slice(0, MAX_PROBLEMS).map(([why, names]) => {
    const some = names.slice(0, 3).join(', ')
    return `${why} (${some}${names.length > 3 ? `, and ${names.length - 3} more` : ''})`
  })
  return new HebbError('file', `Hebb has no layer for parts of this model: ${lines.join('; ')}`)
}

/** The shape of a sample in Keras's order, from the file and the options. */
function sampleShape(
  name: string,
  open: readonly (number | null)[],
  input: SampleShapes | undefined,
  named: boolean,
): number[] {
  const given = Array.isArray(input)
    ? named
      ? undefined
      : input
    : (input as Record<string, number[]>)?.[name]
  if (open.length < 1 || open.length > 3)
    throw new HebbError('shape', `the input "${name}" has ${open.length} axes: a sample has one to three`)
  if (
    given &&
    (given.length !== open.length || given.some((n: unknown) => !Number.isSafeInteger(n) || Number(n) < 1))
  )
    refuse('loadKeras', 'input', `the ${open.length} sizes of a sample of "${name}"`, given)
  return open.map((own, axis) => {
    const chosen = given?.[axis]
    if (own !== null && chosen !== undefined && own !== chosen)
      throw new HebbError('shape', `the input "${name}" has ${own} values along axis ${axis}, not ${chosen}`)
    if (own !== null || chosen !== undefined) return own ?? chosen
    const shown = open.map((n) => n ?? '…')
    throw new HebbError(
      'option',
      `the file leaves sizes of the input "${name}" open: give input: [${shown.join(', ')}]`,
    )
  })
}
