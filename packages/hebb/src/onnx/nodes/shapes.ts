// Nodes that move axes, which compute nothing, and those that join values.
import { concat, embedding, type Layer, repeatVector } from '../../layers'
import { size } from '../../tensor'
import { stem, tensor } from '../graph/builder'
import { Constant, listOf, scalarOf } from '../graph/constants'
import type { NodeView, Translator } from '../graph/node'
import { BATCH, Source, shownShape, Value, valueIn } from '../graph/value'

/** The value in a shape of ONNX, in which 0 keeps a size and −1 is computed. */
function reshaped(node: NodeView, value: Value, wanted: readonly number[]): Value {
  const { shape } = value
  const zero = node.int('allowzero') === 1
  const target = wanted.map((n, axis) => (n === 0 && !zero ? (shape[axis] ?? 0) : n))
  const total = size(shape)
  const complete = (list: readonly number[]) => {
    const rest = size(list.filter((n) => n !== -1))
    return list.map((n) => (n === -1 ? total / rest : n))
  }
  // An exporter that knew the size of the batch wrote it, or a multiple of it, into the shape.
  const { fixedBatch } = node
  const withBatch = target.flatMap((n, axis) =>
    n > 0 && n % fixedBatch === 0
      ? [target.map((one, at) => (at === axis ? (BATCH * n) / fixedBatch : one))]
      : [],
  )
  const fitting = [target, ...withBatch]
    .map(complete)
    .filter((list) => list.every((n) => Number.isInteger(n) && n > 0) && size(list) === total)
  const best = fitting.find((list) => list.includes(BATCH)) ?? fitting[0]
  const made = best && (value.reshaped(best) ?? node.network.inOrder(value).reshaped(best))
  return made ?? node.fail(`cannot make [${wanted}] of [${shownShape(value)}]`)
}

const squeeze: Translator = (node) => {
  const value = node.value()
  const rank = value.axes.length
  const axes = node.list('axes', 1)?.map((axis) => (axis < 0 ? axis + rank : axis))
  const gone = (axis: number) => (axes ? axes.includes(axis) : value.shape[axis] === 1)
  if (axes?.some((axis) => value.shape[axis] !== 1))
    node.fail(`removes the axes ${axes} of [${shownShape(value)}]`)
  return value.with(value.axes.filter((_, axis) => !gone(axis)))
}

const unsqueeze: Translator = (node) => {
  const value = node.value()
  const given = node.list('axes', 1) ?? []
  const rank = value.axes.length + given.length
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b)
  if (new Set(axes).size !== axes.length || axes.some((axis) => !(axis >= 0 && axis < rank)))
    node.fail(`adds the axes ${given}`)
  const all = [...value.axes]
  for (const axis of axes) all.splice(axis, 0, [])
  return value.with(all)
}

const flattened: Translator = (node) => {
  const value = node.value()
  const axis = node.axis(value.axes.length, 1)
  return value.with([value.axes.slice(0, axis).flat(), value.axes.slice(axis).flat()])
}

const transpose: Translator = (node) => {
  const value = node.value()
  const rank = value.axes.length
  const order = node.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  if ([...order].sort((a, b) => a - b).some((axis, at) => axis !== at) || order.length !== rank)
    node.fail(`has the order ${order}`)
  return value.transposed(order)
}

/** Rows of a table, or the last state of a recurrent layer. */
const gather: Translator = (node) => {
  const [table] = node.inputs
  if (!(table instanceof Constant)) {
    const value = node.value()
    const index = node.constant(1)
    const axis = node.axis(value.axes.length, 0)
    return part(node, value, axis, index.uniform ?? Number.NaN, index.shape.length > 0)
  }
  const tokens = node.ordered(1)
  if (node.int('axis') !== 0 || table.shape.length !== 2)
    node.fail(`takes from [${table.shape}] along axis ${node.int('axis')}`)
  if (!tokens.ordered) node.fail('needs token numbers [N, T]')
  const [vocabulary, units] = table.shape as [number, number]
  const steps = size(tokens.memory.slice(1).map((dim) => dim.size))
  const from = node.network.read(tokens.source, [steps])
  const weights = { weight: tensor(table) }
  const source = new Source(() =>
    node.network.add(embedding({ units, vocabulary }), [from], [steps, units], weights, stem(table.name)),
  )
  const made = units > 1 ? [{ size: units }] : []
  return new Value(source, [...tokens.memory, ...made], [...tokens.axes, made])
}

/** A part along an axis that has only this part, or the last of a recurrent layer's states. */
function part(node: NodeView, value: Value, axis: number, index: number, keep: boolean): Value {
  const length = value.shape[axis] ?? node.fail(`has no axis ${axis}`)
  const axes = value.axes.flatMap((one, at) => (at === axis ? (keep ? [[]] : []) : [one]))
  const last = index === -1 || index === length - 1
  if (length === 1 && last) return value.with(axes)
  const isTime = value.last && value.axes[axis]!.length === 1 && value.axes[axis]![0] === value.last.time
  const isStep = value.batchAxis === 1 && axis === 0
  const remedy = isStep
    ? ': if PyTorch wrote a recurrent layer step by step, export it with dynamo=False'
    : ''
  if (!isTime || !last) return node.fail(`takes a part of [${shownShape(value)}]${remedy}`)
  return value.last!.value(axes)
}

/** A slice that keeps everything, or the last of a recurrent layer's states. */
const slice: Translator = (node) => {
  const value = node.value()
  const { shape } = value
  const starts = node.list('starts', 1) ?? []
  const ends = node.list('ends', 2) ?? []
  const axes = (node.list('axes', 3) ?? starts.map((_, at) => at)).map((axis) =>
    axis < 0 ? axis + shape.length : axis,
  )
  const steps = node.optional(4)?.list ?? starts.map(() => 1)
  const within = (n: number, length: number) => Math.min(length, Math.max(0, n < 0 ? n + length : n))
  const cuts = axes.flatMap((axis, at) => {
    const length = shape[axis] ?? node.fail(`has no axis ${axis}`)
    const [from, to] = [within(starts[at]!, length), within(ends[at]!, length)]
    return from === 0 && to === length && steps[at] === 1
      ? []
      : [{ axis, from, to, length, step: steps[at]! }]
  })
  const [cut] = cuts
  if (!cut) return value
  const single = cuts.length === 1 && cut.to === cut.from + 1 && cut.step === 1
  return part(node, value, cut.axis, single ? cut.from : Number.NaN, true)
}

const joined: Translator = (node) => {
  const values = node.inputs.map((_, at) => node.ordered(at))
  const [first] = values as [Value, ...Value[]]
  if (values.length === 1) return first
  const axis = node.axis(first.axes.length, 1)
  const { batchAxis } = first
  const samples = values.map((value) => value.shape)
  const fit = values.every(
    (value, at) =>
      value.ordered &&
      value.batchAxis === batchAxis &&
      samples[at]!.length === samples[0]!.length &&
      samples[at]!.every((n, d) => d === axis || n === samples[0]![d]),
  )
  if (!fit || batchAxis < 0 || axis === batchAxis)
    node.fail(`joins [${values.map(shownShape).join('], [')}] along axis ${axis}`)
  const before = size(first.shape.slice(0, axis).filter((_, at) => at !== batchAxis))
  const after = size(first.shape.slice(axis + 1).filter((_, at) => at + axis + 1 !== batchAxis))
  const length = values.reduce((sum, value) => sum + value.shape[axis]!, 0)
  const [, , height, width] = first.shape
  const images = axis === 1 && batchAxis === 0 && first.shape.length === 4
  const shapeOf = (n: number) =>
    images ? [n, height!, width!] : before === 1 ? [n * after] : [before, n * after]
  const from = values.map((value) => node.network.read(value.source, shapeOf(value.shape[axis]!)))
  const source = new Source(() => node.network.add(concat({ from }) as Layer, from, shapeOf(length)))
  const dim = { size: length }
  const axes = first.axes.map((one, at) => (at === axis ? [dim] : one))
  const rest = axes.flat().filter((one) => one !== first.memory[0])
  return new Value(source, [first.memory[0]!, ...rest], axes)
}

/** In a shape that changes nothing, or a vector for each time step. */
function repeated(node: NodeView, value: Value, wanted: readonly number[]): Value {
  const { shape } = value
  const { fixedBatch } = node
  const own = shape.slice(-wanted.length)
  const kept = (n: number, at: number) => n === 1 || n === own[at] || (own[at] === BATCH && n === fixedBatch)
  if (wanted.length <= shape.length && wanted.every(kept)) return value
  const steps = wanted[1]!
  const repeats =
    shape.length === 3 && shape[1] === 1 && wanted.length === 3 && kept(wanted[0]!, 0) && kept(wanted[2]!, 2)
  if (!repeats || value.batchAxis !== 0 || !(steps > 1))
    node.fail(`repeats [${shownShape(value)}] to [${wanted}]`)
  const features = shape[2]!
  const from = node.network.read(value.source, [features])
  const layer = repeatVector({ steps })
  return valueIn(new Source(() => node.network.add(layer, [from], [steps, features])), [
    BATCH,
    steps,
    features,
  ])
}

const expanded: Translator = (node) => repeated(node, node.value(), node.constant(1).list)

const tiled: Translator = (node) => {
  const value = node.value()
  const times = node.constant(1).list
  if (times.length !== value.shape.length) node.fail(`repeats [${shownShape(value)}] by [${times}]`)
  return repeated(
    node,
    value,
    value.shape.map((n, axis) => n * times[axis]!),
  )
}

export const SHAPES: Record<string, Translator> = {
  Identity: (node) => node.value(),
  Cast: (node) => node.value(),
  CastLike: (node) => node.inputs[0] ?? node.fail('has no input'),
  Reshape: (node) => reshaped(node, node.value(), node.list('shape', 1) ?? []),
  Flatten: flattened,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expanded,
  Tile: tiled,
  Shape: (node) => {
    const { shape } = node.value()
    return listOf(shape.slice(node.int('start', 0), node.has('end') ? node.int('end') : undefined))
  },
  Size: (node) => scalarOf(size(node.value().shape)),
  Gather: gather,
  Slice: slice,
  Concat: joined,
}
