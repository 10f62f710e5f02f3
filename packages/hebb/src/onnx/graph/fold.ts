// Nodes whose inputs are all known: what exporters compute with shapes, and weights that are moved about.
import { size } from '../../tensor'
import { Constant, listOf, scalarOf } from './constants'
import type { NodeView } from './node'
import { BATCH } from './value'

type Folder = (node: NodeView) => Constant

/** A constant whose number at an index of its own shape is that of the source at the place that `from` returns. */
function gathered(
  node: NodeView,
  source: Constant,
  shape: readonly number[],
  from: (index: number[]) => number,
): Constant {
  const count = size(shape)
  if (source.data.length === 1) return new Constant(shape, source.data)
  node.network.spend(count)
  const data = new (source.data.constructor as Float64ArrayConstructor)(count)
  const index = shape.map(() => 0)
  for (let i = 0; i < count; i++) {
    data[i] = source.data[from(index)]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
  return new Constant(shape, data, source.name)
}

/** How far apart neighbours along each axis are. */
const strides = (shape: readonly number[]) => shape.map((_, axis) => size(shape.slice(axis + 1)))
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, n, i) => sum + n * b[i]!, 0)

function broadcast(node: NodeView, source: Constant, shape: readonly number[]): Constant {
  const own = [...Array(Math.max(0, shape.length - source.shape.length)).fill(1), ...source.shape]
  if (own.length !== shape.length || own.some((n, axis) => n !== 1 && n !== shape[axis]))
    node.fail(`cannot repeat [${source.shape}] to [${shape}]`)
  const steps = strides(own).map((step, axis) => (own[axis] === 1 ? 0 : step))
  return gathered(node, source, shape, (index) => dot(index, steps))
}

/** The shape that two have together. */
function common(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  const at = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)))
}

const arithmetic =
  (f: (a: number, b: number) => number): Folder =>
  (node) => {
    const [a, b] = [node.constant(0), node.constant(1)]
    const shape = common(a.shape, b.shape)
    if (a.data.length === 1 && b.data.length === 1)
      return new Constant(shape, Float64Array.of(f(a.data[0]!, b.data[0]!)))
    node.network.spend(size(shape))
    const [wideA, wideB] = [broadcast(node, a, shape).values, broadcast(node, b, shape).values]
    return new Constant(
      shape,
      new Float64Array(wideA).map((value, i) => f(value, wideB[i]!)),
    )
  }

const single =
  (f: (a: number) => number): Folder =>
  (node) => {
    const { shape, data } = node.constant(0)
    node.network.spend(data.length)
    return new Constant(shape, new Float64Array(data).map(f))
  }

const gather: Folder = (node) => {
  const [table, at] = [node.constant(0), node.constant(1)]
  const axis = node.axis(table.shape.length, 0)
  const length = table.shape[axis] ?? node.fail('takes from a single number')
  const places = at.list.map((n) => (n < 0 ? n + length : n))
  if (places.some((n) => !(n >= 0 && n < length))) node.fail(`takes ${at.list} of ${length}`)
  const steps = strides(table.shape)
  const rank = at.shape.length
  const inner = strides(at.shape)
  const shape = [...table.shape.slice(0, axis), ...at.shape, ...table.shape.slice(axis + 1)]
  return gathered(node, table, shape, (index) => {
    const place = places[dot(inner, index.slice(axis, axis + rank))]!
    return dot([...index.slice(0, axis), place, ...index.slice(axis + rank)], steps)
  })
}

const slice: Folder = (node) => {
  const source = node.constant(0)
  const rank = source.shape.length
  const starts = node.list('starts', 1) ?? []
  const ends = node.list('ends', 2) ?? []
  const axes = node.list('axes', 3) ?? starts.map((_, at) => at)
  const given = node.optional(4)?.list ?? []
  const [from, shape, step] = [source.shape.map(() => 0), [...source.shape], source.shape.map(() => 1)]
  axes.forEach((named, at) => {
    const axis = named < 0 ? named + rank : named
    const length = source.shape[axis] ?? node.fail(`has no axis ${named}`)
    step[axis] = given[at] ?? 1
    const forward = step[axis]! > 0
    const within = (n: number) =>
      Math.min(forward ? length : length - 1, Math.max(forward ? 0 : -1, n < 0 ? n + length : n))
    from[axis] = within(starts[at]!)
    // An end before the first is written as a very small number.
    const end = ends[at]! < -length ? (forward ? 0 : -1) : within(ends[at]!)
    shape[axis] = Math.max(0, Math.ceil((end - from[axis]!) / step[axis]!))
  })
  if (step.includes(0)) node.fail('has a step of 0')
  const steps = strides(source.shape)
  return gathered(node, source, shape, (index) =>
    dot(
      index.map((n, axis) => from[axis]! + n * step[axis]!),
      steps,
    ),
  )
}

const concat: Folder = (node) => {
  const parts = node.inputs.map((_, at) => node.constant(at))
  const [first] = parts as [Constant]
  const axis = node.axis(first.shape.length, 0)
  if (parts.some(({ shape }) => shape.length !== first.shape.length)) node.fail('joins different ranks')
  const shape = first.shape.map((n, at) =>
    at === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : n,
  )
  node.network.spend(size(shape))
  const [outer, values] = [size(shape.slice(0, axis)), parts.map((part) => part.values)]
  const data = new Float64Array(size(shape))
  let to = 0
  for (let row = 0; row < outer; row++)
    for (const part of values) {
      const length = part.length / outer
      data.set(part.subarray(row * length, (row + 1) * length), to)
      to += length
    }
  return new Constant(shape, data)
}

const reshape: Folder = (node) => {
  const source = node.constant(0)
  const total = size(source.shape)
  const wanted = node.list('shape', 1) ?? []
  const kept = wanted.map((n, axis) =>
    n === 0 && node.int('allowzero') !== 1 ? (source.shape[axis] ?? 0) : n,
  )
  const rest = size(kept.filter((n) => n !== -1))
  const shape = kept.map((n) => (n === -1 ? total / rest : n))
  if (size(shape) !== total || shape.some((n) => !Number.isInteger(n) || n < 0))
    node.fail(`cannot make [${wanted}] of [${source.shape}]`)
  return source.as(shape)
}

const transpose: Folder = (node) => {
  const source = node.constant(0)
  const rank = source.shape.length
  const order = node.ints('perm') ?? source.shape.map((_, axis) => rank - 1 - axis)
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, at) => axis !== at))
    node.fail(`has the order ${order}`)
  const steps = strides(source.shape)
  const moved = order.map((axis) => steps[axis]!)
  return gathered(
    node,
    source,
    order.map((axis) => source.shape[axis]!),
    (index) => dot(index, moved),
  )
}

const unsqueeze: Folder = (node) => {
  const source = node.constant(0)
  const given = node.list('axes', 1) ?? []
  const rank = source.shape.length + given.length
  const shape = [...source.shape]
  for (const axis of given.map((n) => (n < 0 ? n + rank : n)).sort((a, b) => a - b)) shape.splice(axis, 0, 1)
  return source.as(shape)
}

const squeeze: Folder = (node) => {
  const source = node.constant(0)
  const axes = node.list('axes', 1)?.map((n) => (n < 0 ? n + source.shape.length : n))
  const shape = source.shape.filter((n, axis) => (axes ? !axes.includes(axis) : n !== 1))
  return size(shape) === size(source.shape) ? source.as(shape) : node.fail(`removes the axes ${axes}`)
}

const constant: Folder = (node) => {
  if (node.has('value_float')) return scalarOf(node.float('value_float', 0))
  if (node.has('value_int')) return scalarOf(node.int('value_int'))
  const list = node.floats('value_floats')
  if (node.has('value_floats')) return listOf(list!)
  if (node.has('value_ints')) return listOf(node.ints('value_ints')!)
  const { shape, data } = node.tensor('value') ?? node.fail('has no value that is a number')
  return new Constant(shape, data)
}

const range: Folder = (node) => {
  const [from = 0, to = 0, step = 1] = [0, 1, 2].map((at) => node.constant(at).data[0])
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (!(count <= 2 ** 16)) node.fail(`counts to ${to}`)
  return listOf(Array.from({ length: count }, (_, n) => from + n * step))
}

/** Towards 0, as integers are divided; floats that are divided in a shape are whole numbers or rounded next. */
const INTEGERS = [2, 3, 4, 5, 6, 7, 12, 13]

export const FOLDERS: Record<string, Folder> = {
  Constant: constant,
  ConstantOfShape: (node) =>
    new Constant(node.constant(0).list, (node.tensor('value') ?? scalarOf(0)).data.slice(0, 1)),
  Identity: (node) => node.constant(0),
  Cast: (node) => (INTEGERS.includes(node.int('to')) ? single(Math.trunc)(node) : node.constant(0)),
  CastLike: (node) => node.constant(0),
  Shape: (node) =>
    listOf(node.constant(0).shape.slice(node.int('start', 0), node.has('end') ? node.int('end') : undefined)),
  Size: (node) => scalarOf(size(node.constant(0).shape)),
  Range: range,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Reshape: reshape,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: (node) => {
    const source = node.constant(0)
    // What is repeated for each sample stays as it is.
    const wanted = node.constant(1).list.map((n) => (n === BATCH ? 1 : n))
    return broadcast(node, source, common(source.shape, wanted))
  },
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: arithmetic((a, b) => a / b),
  Mod: arithmetic((a, b) => a - b * Math.floor(a / b)),
  Pow: arithmetic((a, b) => a ** b),
  Max: arithmetic(Math.max),
  Min: arithmetic(Math.min),
  Sqrt: single(Math.sqrt),
  Exp: single(Math.exp),
  Neg: single((a) => -a),
  Floor: single(Math.floor),
  Ceil: single(Math.ceil),
  Reciprocal: single((a) => 1 / a),
}
