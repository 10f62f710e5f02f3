// A graph of ONNX as the spec of a network, with its weights.
import { HebbError } from '../errors'
import { activation } from '../layers'
import type { NetworkSpec } from '../network/spec'
import { refuse } from '../options'
import type { Graph, Model, ValueInfo } from './file/messages'
import { damaged } from './file/protobuf'
import { batchAxes } from './graph/batch'
import { Builder, plain } from './graph/builder'
import { type ExternalFiles, toConstant } from './graph/constants'
import { FOLDERS } from './graph/fold'
import { NodeView, type Operand, Unsupported, unsupported } from './graph/node'
import { ordered } from './graph/order'
import { recognized } from './graph/patterns'
import { BATCH, Source, shownShape, Value, valueIn } from './graph/value'
import { ACTIVATIONS } from './nodes/activations'
import { ARITHMETIC } from './nodes/arithmetic'
import { CONV } from './nodes/conv'
import { DENSE } from './nodes/dense'
import { NORM } from './nodes/norm'
import { POOL } from './nodes/pool'
import { RBF } from './nodes/rbf'
import { RECURRENT } from './nodes/recurrent'
import { SHAPES } from './nodes/shapes'
import { SPLIT } from './nodes/split'
import { UNROLLED } from './nodes/unrolled'

/** The translators by operator. */
const TRANSLATORS = {
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...CONV,
  ...DENSE,
  ...NORM,
  ...POOL,
  ...RBF,
  ...RECURRENT,
  ...SHAPES,
  ...SPLIT,
  ...UNROLLED,
}

/** The shape of one sample, or those of several inputs by name. */
export type SampleShapes = readonly number[] | Readonly<Record<string, readonly number[]>>

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx'
/** The version of the standard operators; 0 if the model names none. */
export const opsetOf = (opsets: Model['opsets']) =>
  opsets.find(({ domain }) => isStandard(domain))?.version ?? 0

/** What the translation needs besides the graph. */
export interface Translation {
  /** The version of the standard operators. */
  opset: number
  files: ExternalFiles
  input: SampleShapes | undefined
  seed: number
  /** How many numbers may be made. */
  room: number
}

/** The spec of the network, and its weights. */
export function translate(graph: Graph, { opset, files, input, seed, room }: Translation) {
  const constants = new Map(
    graph.initializers.map((tensor) => [tensor.name, () => toConstant(tensor, files)]),
  )
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name))
  if (inputs.length === 0) damaged('its graph has no input')
  const known = new Set(inputs.map(({ name }) => name))
  const nodes = ordered({ ...graph, nodes: recognized(graph.nodes) }, known)
  const uses = new Map<string, number>()
  for (const name of [...nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)])
    if (name !== '') uses.set(name, (uses.get(name) ?? 0) + 1)
  const read = inputs.filter(({ name }) => uses.has(name))
  if (read.length === 0) damaged('its outputs depend on no input')

  const axes = batchAxes(
    nodes,
    read.map(({ name }) => name),
  )
  const named = read.length > 1
  const builder = new Builder(named ? read.map(({ name }) => name) : ['input'], room)
  const values = new Map<string, Operand>()
  let fixedBatch = 0
  const shapes = read.map((info): readonly [string, readonly number[]] => {
    const batch = axes.get(info.name) ?? 0
    const shape = inputShape(info, batch, input, named)
    const samples = info.type?.tensor?.shape?.dims[batch]?.value ?? 0
    if (fixedBatch > 0 && samples > 0 && samples !== fixedBatch)
      throw new HebbError(
        'file',
        `the inputs of this ONNX file have batches of ${fixedBatch} and ${samples} samples`,
      )
    fixedBatch ||= samples
    const sole = uses.get(info.name) === 1
    const sample = shape.length === 1 ? [1] : shape.filter((_, axis) => axis !== batch)
    const layer = { name: named ? info.name : 'input', shape: sample }
    values.set(info.name, valueIn(new Source(() => layer), shape, batch).read(sole))
    return [info.name, sample]
  })

  const readers = (name: string) => uses.get(name) ?? 0
  const problems = new Map<string, string[]>()
  for (const node of nodes) {
    const operands = node.inputs.map((name) => {
      if (name === '') return undefined
      const known = values.get(name) ?? constants.get(name)?.()
      if (known) values.set(name, known)
      return known
    })
    // What follows from a node that is refused is not worth a message.
    if (node.inputs.some((name, at) => name !== '' && !operands[at])) continue
    const view = new NodeView(node, operands, builder, opset, fixedBatch, readers)
    try {
      const made = translateNode(view)
      node.outputs.forEach((name, at) => {
        const value = made[at]
        if (value && name)
          values.set(
            name,
            value instanceof Value ? value.read(isSole(value, operands, uses.get(name))) : value,
          )
      })
    } catch (error) {
      const why = reason(error)
      problems.set(`${node.op} ${why}`, [
        ...(problems.get(`${node.op} ${why}`) ?? []),
        node.name || node.outputs[0] || '',
      ])
    }
  }
  if (problems.size > 0) throw unsupported(problems)
  const outputs = graph.outputs.map(
    ({ name }) => values.get(name) ?? damaged(`nothing computes the output "${name}"`),
  )
  const names = outputs.map((value, at) => outputLayer(builder, value, graph.outputs[at]!.name))
  const spec: NetworkSpec = {
    input: named ? shapes : shapes[0]![1],
    seed,
    layers: builder.layers,
    ...((names.length > 1 || names[0] !== builder.layers.at(-1)?.name) && { outputs: names }),
  }
  return { spec, weights: builder.weights }
}

/** Why a node has no counterpart; a layer's own refusal counts. */
function reason(error: unknown): string {
  if (error instanceof Unsupported) return error.message
  if (error instanceof HebbError && error.code !== 'file') return `is refused: ${error.message}`
  throw error
}

/** Whether only one node reads a value, and what it is a view of. */
function isSole(value: Value, operands: readonly (Operand | undefined)[], uses: number | undefined): boolean {
  const viewed = operands.find((one) => one instanceof Value && one.source === value.source) as
    | Value
    | undefined
  return uses === 1 && (viewed?.sole ?? true)
}

function translateNode(view: NodeView): readonly (Operand | undefined)[] {
  const { op, node, inputs } = view
  if (!isStandard(node.domain)) return view.fail(`of ${node.domain} is not supported`)
  const known = inputs.every((input) => !(input instanceof Value))
  const folder = known && Object.hasOwn(FOLDERS, op) ? FOLDERS[op] : undefined
  if (folder) return [folder(view)]
  const translator = Object.hasOwn(TRANSLATORS, op) ? TRANSLATORS[op] : undefined
  if (!translator) return view.fail('is not supported')
  if (known) view.fail('of constants is not supported')
  const made = translator(view)
  return Array.isArray(made) ? made : [made as Operand]
}

/** The shape of an input, with the batch, from the file and the options. */
function inputShape(
  { name, type }: ValueInfo,
  batch: number,
  input: SampleShapes | undefined,
  named: boolean,
): number[] {
  const dims = type?.tensor?.shape?.dims
  const given = Array.isArray(input)
    ? named
      ? undefined
      : input
    : (input as Record<string, number[]> | undefined)?.[name]
  const rank = dims?.length ?? (given ? given.length + 1 : 0)
  if (rank === 0 || batch >= rank)
    throw new HebbError('shape', `the input "${name}" has no batch: give input: the shape of one sample`)
  if (given && (given.length !== rank - 1 || given.some((n) => !Number.isSafeInteger(n) || n < 1)))
    refuse('loadOnnx', 'input', `the ${rank - 1} sizes of a sample of "${name}"`, given)
  if (rank > 4)
    throw new HebbError('shape', `the input "${name}" has ${rank - 1} axes: a sample has three at most`)
  const sizes = Array.from({ length: rank }, (_, axis) => {
    if (axis === batch) return BATCH
    const own = dims?.[axis]?.value ?? 0
    const chosen = given?.[axis > batch ? axis - 1 : axis]
    if (chosen !== undefined && own > 0 && chosen !== own)
      throw new HebbError('shape', `the input "${name}" has ${own} values along axis ${axis}, not ${chosen}`)
    return chosen ?? own
  })
  if (sizes.every((n) => n > 0)) return sizes
  const open = sizes.filter((_, axis) => axis !== batch).map((n) => (n > 0 ? n : '…'))
  throw new HebbError(
    'option',
    `the file leaves sizes of the input "${name}" open: give input: [${open.join(', ')}]`,
  )
}

/** The layer that is an output, in its shape. */
function outputLayer(builder: Builder, given: Operand, name: string): string {
  if (!(given instanceof Value)) throw new HebbError('file', `the output "${name}" is constant`)
  const value = builder.inOrder(given)
  const { source, batchAxis, sample } = value
  if (batchAxis < 0 || !value.ordered)
    throw new HebbError(
      'file',
      `the output "${name}" [${shownShape(value)}] has its axes in an order that Hebb has no layer for`,
    )
  const natural = batchAxis === 0 && sample.length <= 3
  const layer = builder.read(source, natural ? plain(value) : source.layer.shape)
  const isLayer = builder.layers.some((one) => one.name === layer)
  return isLayer ? layer : builder.add(activation('identity'), [layer], source.layer.shape).name
}
