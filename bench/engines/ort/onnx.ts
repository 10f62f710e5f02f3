// Models as ONNX files, encoded by hand: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, of which this is the part
// that the benchmark needs. A field is its number and wire type, then a varint, or a length and that many bytes.
import {
  type Conv,
  GATES,
  type Gemm,
  type Layer,
  type Model,
  outputSize,
  parameters,
} from '../../harness/work.ts'

const FLOAT = 1
const OPSET = 17
const encoder = new TextEncoder()

type Bytes = Uint8Array

function join(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function varint(value: number): Bytes {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Uint8Array.from([...bytes, value])
}

const number = (field: number, value: number) => join([varint(field * 8), varint(value)])
const bytes = (field: number, value: Bytes | string): Bytes => {
  const content = typeof value === 'string' ? encoder.encode(value) : value
  return join([varint(field * 8 + 2), varint(content.length), content])
}

/** TensorProto: dims = 1, data_type = 2, name = 8, raw_data = 9. */
function tensor(name: string, shape: readonly number[], data: Float32Array): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return join([...shape.map((n) => number(1, n)), number(2, FLOAT), bytes(8, name), bytes(9, raw)])
}

/** ValueInfoProto: name = 1, type = 2; the type's tensor_type = 1 has elem_type = 1 and shape = 2, of dim = 1. */
function value(name: string, shape: readonly number[]): Bytes {
  const dims = join(shape.map((n) => bytes(1, number(1, n))))
  return join([bytes(1, name), bytes(2, bytes(1, join([number(1, FLOAT), bytes(2, dims)])))])
}

/** NodeProto: input = 1, output = 2, op_type = 4, attribute = 5 with name = 1, i = 3, ints = 8, type = 20. */
function node(
  type: string,
  inputs: readonly string[],
  outputs: string | readonly string[],
  attributes: Record<string, number | readonly number[]> = {},
): Bytes {
  const listed = Object.entries(attributes).map(([name, value]) => {
    const own = typeof value === 'number' ? [number(3, value)] : value.map((n) => number(8, n))
    return bytes(5, join([bytes(1, name), ...own, number(20, typeof value === 'number' ? 2 : 7)]))
  })
  return join([
    ...inputs.map((name) => bytes(1, name)),
    ...[outputs].flat().map((name) => bytes(2, name)),
    bytes(4, type),
    ...listed,
  ])
}

/** ModelProto: ir_version = 1, graph = 7, opset_import = 8; the graph of node = 1, initializer = 5, in = 11, out = 12. */
function model(nodes: Bytes[], constants: Bytes[], inputs: Bytes | Bytes[], outputs: Bytes | Bytes[]): Bytes {
  const graph = [
    ...nodes.map((n) => bytes(1, n)),
    bytes(2, 'bench'),
    ...constants.map((t) => bytes(5, t)),
    ...[inputs].flat().map((value) => bytes(11, value)),
    ...[outputs].flat().map((value) => bytes(12, value)),
  ]
  return join([number(1, 8), bytes(7, join(graph)), bytes(8, number(2, OPSET))])
}

/** `x` times a constant B, which ONNX Runtime may prepack. */
export function gemm({ m, k, n }: Gemm, b: Float32Array): Bytes {
  const nodes = [node('MatMul', ['x', 'b'], 'y')]
  return model(nodes, [tensor('b', [k, n], b)], value('x', [m, k]), value('y', [m, n]))
}

/** The forward convolution. */
export function conv(work: Conv, weight: Float32Array): Bytes {
  const { batch, channels, size, filters, kernel, stride, padding } = work
  const pads = [padding, padding, padding, padding]
  const nodes = [
    node('Conv', ['x', 'w'], 'y', { kernel_shape: [kernel, kernel], strides: [stride, stride], pads }),
  ]
  const constants = [tensor('w', [filters, channels, kernel, kernel], weight)]
  const out = outputSize(work)
  const output = value('y', [batch, filters, out, out])
  return model(nodes, constants, value('x', [batch, channels, size, size]), output)
}

/** ONNX's gates in PyTorch's order: h of an RNN; z, r, h of a GRU; i, o, f, c of an LSTM. */
const ORDER = { rnn: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] }
type Recurrent = Extract<Layer, { type: 'recurrent' }>

/** W, R or a half of B with ONNX's order of the gates. */
function ordered({ cell, units }: Recurrent, { data }: { data: Float32Array }): Float32Array {
  const gate = (data.length / GATES[cell] / units) * units
  const own = new Float32Array(data.length)
  ORDER[cell].forEach((from, to) => void own.set(data.subarray(from * gate, (from + 1) * gate), to * gate))
  return own
}

/** The weights of a recurrent layer as W, R and B. */
function gates(layer: Recurrent, tensors: ReturnType<typeof parameters>, at: number): Bytes[] {
  const rows = GATES[layer.cell] * layer.units
  const [ih, hh, first, second] = tensors.slice(at, at + 4).map((t) => ordered(layer, t))
  const both = Float32Array.of(...first!, ...second!)
  return [
    tensor(`p${at}`, [1, rows, layer.inputs], ih!),
    tensor(`p${at + 1}`, [1, rows, layer.units], hh!),
    tensor(`p${at + 2}`, [1, 2 * rows], both),
  ]
}

/** The states of a stream, which are inputs and outputs: names of both, `[1, 1, units]` each. */
export function states(work: Model): { units: number; names: (readonly [before: string, after: string])[] } {
  const { cell, units } = work.layers[0] as Recurrent
  const h = ['h', 'nextH'] as const
  return { units, names: cell === 'lstm' ? [h, ['c', 'nextC']] : [h] }
}

/** A network, followed by softmax. For a stream its states are inputs and outputs too. */
export function network(work: Model): Bytes {
  const own = parameters(work)
  const tensors: Bytes[] = []
  let [used, at] = [0, 'x']
  const streamed = work.kind === 'stream' ? states(work) : undefined
  const nodes: Bytes[] = []
  const add = (type: string, inputs: string[], attributes = {}) => {
    const output = `v${nodes.length}`
    nodes.push(node(type, [at, ...inputs], output, attributes))
    at = output
  }
  const next = () =>
    [0, 1].map(() => {
      const name = `p${used}`
      const { shape, data } = own[used++]!
      tensors.push(tensor(name, shape, data))
      return name
    })
  const recur = (layer: Recurrent) => {
    // The batch is the second axis; in time steps one after another it is the first of a step.
    add('Transpose', [], { perm: [1, 0, 2] })
    const weights = gates(layer, own, used)
    const names = weights.map((_, i) => `p${used + i}`)
    tensors.push(...weights)
    used += 4
    const before = streamed ? ['', ...streamed.names.map(([name]) => name)] : []
    const after = streamed?.names.map(([, name]) => name) ?? ['last']
    nodes.push(
      node(layer.cell.toUpperCase(), [at, ...names, ...before], ['', ...after], {
        hidden_size: layer.units,
        ...(layer.cell === 'gru' && { linear_before_reset: 1 }),
      }),
    )
    at = after[0]!
    // [1, batch, units] → [batch, units].
    add('Flatten', [], { axis: 2 })
  }
  const apply = (layer: Layer) => {
    if (layer.type === 'conv') {
      const { kernel, stride = 1, padding } = layer
      const pads = [padding, padding, padding, padding]
      add('Conv', next(), { kernel_shape: [kernel, kernel], strides: [stride, stride], pads })
    } else if (layer.type === 'pool') {
      const { kernel = 2 } = layer
      const window = { kernel_shape: [kernel, kernel], strides: [2, 2] }
      add(layer.pool === 'max' ? 'MaxPool' : 'AveragePool', [], window)
    } else if (layer.type === 'flatten') add('Flatten', [])
    else if (layer.type === 'recurrent') recur(layer)
    else add('Gemm', next(), { transB: 1 })
    if ('activation' in layer && layer.activation !== 'none')
      add(layer.activation === 'relu' ? 'Relu' : 'Tanh', [])
  }
  work.layers.forEach(apply)
  add('Softmax', [])
  const classes = work.layers.at(-1) as Extract<Layer, { type: 'dense' }>
  const { batch, input } = work
  const carried = (which: 0 | 1) =>
    streamed?.names.map((names) => value(names[which], [1, 1, streamed.units])) ?? []
  return model(
    nodes,
    tensors,
    [value('x', [batch, ...input]), ...carried(0)],
    [value(at, [batch, classes.units]), ...carried(1)],
  )
}
