// Networks of ONNX files.
import { bytesOf, type Source as File, nameOf } from '../data/formats/source'
import { HebbError } from '../errors'
import { activation } from '../layers'
import { Network } from '../network/network'
import type { NetworkSpec } from '../network/spec'
import { checkCallback, checkKeys, checkWhole, refuse } from '../options'
import type { Graph, Model, Node, ValueInfo } from './file/messages'
import { damaged, readModel } from './file/protobuf'
import { batchAxes } from './graph/batch'
import { Builder, plain } from './graph/builder'
import { type ExternalFiles, readExternal, toConstant } from './graph/constants'
import { FOLDERS } from './graph/fold'
import { NodeView, type Operand, Unsupported, unsupported } from './graph/node'
import { BATCH, Source, shownShape, Value, valueIn } from './graph/value'
import { ACTIVATIONS } from './nodes/activations'
import { ARITHMETIC } from './nodes/arithmetic'
import { CONV } from './nodes/conv'
import { DENSE } from './nodes/dense'
import { NORM } from './nodes/norm'
import { POOL } from './nodes/pool'
import { RECURRENT } from './nodes/recurrent'
import { SHAPES } from './nodes/shapes'

/** The translators by operator. */
const TRANSLATORS = {
  ...ACTIVATIONS,
  ...ARITHMETIC,
  ...CONV,
  ...DENSE,
  ...NORM,
  ...POOL,
  ...RECURRENT,
  ...SHAPES,
}

/** The numbers that a file may make, besides four for each byte that it has. */
const FREE_NUMBERS = 2 ** 22

/** The versions of the operators that are understood. */
const OPSETS = [6, 27] as const

export interface LoadOnnxOptions {
  /**
   * The shape of one sample, without the batch, where the file leaves it open; or of several inputs by name. In the order of the
   * file's axes: `[T, features]` for an input `[T, N, features]` too.
   */
  input?: readonly number[] | Readonly<Record<string, readonly number[]>>
  /** The names of the classes. */
  classes?: readonly string[]
  /** The seed of dropout. Default 0. */
  seed?: number
  /**
   * Where a file of weights is that the model names: its path, address or bytes. Default: beside the model. Files outside of the
   * model's folder are refused.
   */
  external?: (name: string) => File | Promise<File>
  /**
   * The most numbers that its weights may be and that are computed of them, so that a small hostile file cannot fill the memory.
   * Default: four for each byte of the files, and 2²² more.
   */
  maxNumbers?: number
}

/**
 * Loads a network with its weights from an ONNX file: a path (Node), a URL or bytes. It predicts, and trains, like one that is made
 * with Hebb's layers. A sample comes without the batch's axis, the batch first: an input `[T, N, features]` is `[N, T, features]`
 * here, and so are outputs. What has no counterpart is named, all of it, in one error.
 *
 * @example const net = await loadOnnx('lenet5.onnx')
 * @throws HebbError `file` if the file is damaged or has what Hebb has no layer for; `option`, `shape`, `data`, `memory`
 */
export async function loadOnnx(source: File, options: LoadOnnxOptions = {}): Promise<Network> {
  checkKeys('loadOnnx', options, ['input', 'classes', 'seed', 'external', 'maxNumbers'])
  checkCallback('loadOnnx', 'external', options.external)
  const seed = checkWhole('loadOnnx', 'seed', options.seed ?? 0, 0)
  const bytes = await bytesOf(source, nameOf(source, 'the ONNX model'))
  const model = readModel(bytes)
  const graph = checkModel(model)
  const tensors = [...graph.initializers, ...graph.nodes.flatMap(tensorsOf)]
  const files = await readExternal(tensors, source, options.external)
  const size = [...files.values()].reduce((sum, file) => sum + file.length, bytes.length)
  const { maxNumbers = FREE_NUMBERS + 4 * size } = options
  const room = checkWhole('loadOnnx', 'maxNumbers', maxNumbers, 0)
  const { spec, weights } = translate(model, graph, files, options, seed, room)
  const net = await Network.create(spec, options.classes, true)
  try {
    await net.setWeights(weights)
    return net
  } catch (error) {
    net.dispose()
    throw error
  }
}

const tensorsOf = (node: Node) => node.attributes.flatMap(({ tensor }) => (tensor ? [tensor] : []))

/** The graph of a model whose operators are understood. */
function checkModel({ graph, opsets }: Model): Graph {
  if (!graph || graph.nodes.length === 0) return damaged('it has no graph')
  if (graph.outputs.length === 0) damaged('its graph has no outputs')
  if (graph.sparse.length > 0) damaged('it has sparse tensors, which are not supported')
  const version = opsetOf(opsets)
  if (!(version >= OPSETS[0] && version <= OPSETS[1]))
    damaged(`its operators are of version ${version}; Hebb reads ${OPSETS[0]} to ${OPSETS[1]}`)
  return graph
}

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx'
const opsetOf = (opsets: Model['opsets']) => opsets.find(({ domain }) => isStandard(domain))?.version ?? 0

/** The nodes that outputs depend on, in an order in which each follows those that it reads. */
function ordered(graph: Graph, known: ReadonlySet<string>): Node[] {
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.filter(Boolean).map((name) => [name, node])),
  )
  const order: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack = graph.outputs.flatMap(({ name }) => makers.get(name) ?? []).reverse()
  while (stack.length > 0) {
    const node = stack.at(-1)!
    const before = state.get(node)
    if (before) {
      stack.pop()
      if (before === 'open') order.push(node)
      state.set(node, 'done')
      continue
    }
    state.set(node, 'open')
    for (const name of [...node.inputs].reverse()) {
      const maker = known.has(name) ? undefined : makers.get(name)
      if (!maker) continue
      if (state.get(maker) === 'open') damaged(`node "${node.name}" depends on itself`)
      if (!state.has(maker)) stack.push(maker)
    }
  }
  return order
}

/** The spec of the network, and its weights. */
function translate(
  model: Model,
  graph: Graph,
  files: ExternalFiles,
  options: LoadOnnxOptions,
  seed: number,
  room: number,
) {
  const constants = new Map(
    graph.initializers.map((tensor) => [tensor.name, () => toConstant(tensor, files)]),
  )
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name))
  if (inputs.length === 0) damaged('its graph has no input')
  const nodes = ordered(graph, new Set(inputs.map(({ name }) => name)))
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
    const shape = inputShape(info, batch, options, named)
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

  const problems = new Map<string, string[]>()
  const opset = opsetOf(model.opsets)
  for (const node of nodes) {
    const operands = node.inputs.map((name) => {
      if (name === '') return undefined
      const known = values.get(name) ?? constants.get(name)?.()
      if (known) values.set(name, known)
      return known
    })
    // What follows from a node that is refused is not worth a message.
    if (node.inputs.some((name, at) => name !== '' && !operands[at])) continue
    const isRead = (output: number) => uses.has(node.outputs[output] ?? '')
    const view = new NodeView(node, operands, builder, opset, fixedBatch, isRead)
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
  options: LoadOnnxOptions,
  named: boolean,
): number[] {
  const dims = type?.tensor?.shape?.dims
  const { input } = options
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
function outputLayer(builder: Builder, value: Operand, name: string): string {
  if (!(value instanceof Value)) throw new HebbError('file', `the output "${name}" is constant`)
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
