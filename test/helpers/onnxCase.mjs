// A test case of ONNX's suite: a model, inputs and expected outputs, all as bytes. The tensors are read here independently of
// Hebb, with the names and numbers of onnx.proto.
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { loadOnnx } from 'hebb/onnx'

/** A TensorProto of floats. */
export const tensorFrom = (data, shape) =>
  Buffer.concat([
    ...shape.map((n) => Buffer.from([8, ...varint(n)])),
    Buffer.from([16, 1]),
    delimited(9, Buffer.from(data.buffer)),
  ])

/** The fields of a message: their values by number, as bytes or numbers. */
function fields(bytes) {
  const reader = new BinaryReader(bytes)
  const found = new Map()
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const value =
      wire === 0 ? Number(reader.int64()) : wire === 2 ? reader.bytes() : reader.skip(wire, number)
    found.set(number, [...(found.get(number) ?? []), value])
  }
  return found
}

const text = (bytes) => new TextDecoder().decode(bytes)

function varints(values) {
  return values.flatMap((value) => {
    if (typeof value === 'number') return [value]
    const reader = new BinaryReader(value)
    const all = []
    while (reader.pos < reader.len) all.push(Number(reader.int64()))
    return all
  })
}

/** The numbers of raw data by TensorProto's type. */
const READ = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  9: [1, (view, at) => view.getUint8(at)],
  11: [8, (view, at) => view.getFloat64(at, true)],
  12: [4, (view, at) => view.getUint32(at, true)],
  13: [8, (view, at) => Number(view.getBigUint64(at, true))],
}

/** A TensorProto as numbers with a shape; undefined if it is of a type that has none here. */
export function tensorOf(bytes) {
  const found = fields(bytes)
  const shape = varints(found.get(1) ?? [])
  const [type] = found.get(2) ?? []
  const reader = READ[type]
  if (!reader) return undefined
  const raw = (found.get(9) ?? found.get(4) ?? found.get(10) ?? [])[0]
  if (!raw) return { shape, data: Float64Array.from(varints(found.get(5) ?? found.get(7) ?? [])) }
  const [width, read] = reader
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return { shape, data: Float64Array.from({ length: raw.length / width }, (_, i) => read(view, i * width)) }
}

/** The model's graph: names of its inputs, and what its nodes are. */
function graphOf(model) {
  const graph = fields(fields(model).get(7)[0])
  const nodes = (graph.get(1) ?? []).map((node) => fields(node))
  const known = new Set(
    (graph.get(5) ?? []).map((tensor) => text(fields(tensor).get(8)?.[0] ?? new Uint8Array())),
  )
  const names = (graph.get(11) ?? []).map((input) => text(fields(input).get(1)[0]))
  return {
    inputs: names.filter((name) => !known.has(name)),
    recurrent: nodes.some((node) => /^(RNN|GRU|LSTM)$/.test(text(node.get(4)[0]))),
    /** Whether a recurrent node has the batch first. */
    batchFirst: nodes.some((node) =>
      (node.get(5) ?? []).some((one) => {
        const attribute = fields(one)
        return text(attribute.get(1)[0]) === 'layout' && attribute.get(3)?.[0] === 1
      }),
    ),
  }
}

function varint(number) {
  const bytes = []
  for (; number > 127; number >>>= 7) bytes.push((number & 127) | 128)
  return [...bytes, number]
}
const delimited = (number, bytes) =>
  Buffer.concat([Uint8Array.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])

/** The model with some of its inputs as initializers: protocol buffers are merged by putting one after the other. */
function withConstants(model, tensors) {
  const parts = tensors.map(([name, bytes]) => {
    // A name that comes last is the one that counts.
    const named = Buffer.concat([bytes, delimited(8, new TextEncoder().encode(name))])
    return delimited(7, delimited(5, named))
  })
  return new Uint8Array(Buffer.concat([model, ...parts]))
}

/** The axis `from` moved to the front. */
function batchToFront({ data, shape }, from) {
  if (from === 0 || shape.length < 2) return { data, shape }
  const order = [from, ...shape.keys().filter((axis) => axis !== from)]
  const to = order.map((axis) => shape[axis])
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const moved = data.map((_, i) => {
    let [rest, at] = [i, 0]
    for (let axis = to.length - 1; axis >= 0; axis--) {
      at += (rest % to[axis]) * strides[order[axis]]
      rest = Math.floor(rest / to[axis])
    }
    return data[at]
  })
  return { data: moved, shape: to }
}

const close = (a, b, { rtol, atol }) =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b)
const wide = (shape) => shape.filter((n) => n !== 1).join()

/**
 * Runs a case `{ model, inputs, outputs }`. Hebb's networks have their weights in the file and read data, so where a case gives
 * both as inputs, all but the first become initializers, or all but the last. Hebb's outputs have the batch first, so of the
 * expected ones the batch's axis is moved to the front.
 * @returns 'passes', or why not: what Hebb says if it refuses the model, or the first difference.
 */
export async function runCase(
  { model, inputs, outputs, options = {} },
  tolerance = { rtol: 1e-3, atol: 1e-7 },
) {
  const graph = graphOf(model)
  const tensors = inputs.map(tensorOf)
  const expected = outputs.map(tensorOf)
  if ([...tensors, ...expected].some((tensor) => !tensor) || graph.inputs.length !== inputs.length)
    return { refused: 'has tensors of other types than numbers' }
  const all = graph.inputs.map((_, at) => at)
  const choices = all.length > 1 ? [all, [0], [all.length - 1]] : [all]
  let refused
  for (const read of choices) {
    let net
    try {
      const constants = all.filter((at) => !read.includes(at)).map((at) => [graph.inputs[at], inputs[at]])
      net = await loadOnnx(withConstants(model, constants), options)
    } catch (error) {
      if (error.name !== 'HebbError') throw error
      refused ??= error.message
      continue
    }
    try {
      return await compare(net, graph, read, tensors, expected, tolerance)
    } catch (error) {
      // NaN and infinities are no data.
      if (error.code !== 'data') throw error
      return { refused: error.message }
    } finally {
      net.dispose()
    }
  }
  return { refused }
}

/** How an output differs from the expected one, if it does. */
function difference(own, { shape, data }, tolerance) {
  if (wide(own.shape) !== wide(shape)) return `[${own.shape}] instead of [${shape}]`
  const place = own.data.findIndex((value, i) => !close(value, data[i], tolerance))
  return place < 0 ? '' : `${own.data[place]} instead of ${data[place]}`
}

async function compare(net, graph, read, tensors, expected, tolerance) {
  const inputs = net.description.inputs
  const moved = graph.recurrent && !graph.batchFirst
  const data = read.map((at) => {
    const { data, shape } = batchToFront(tensors[at], moved ? 1 : 0)
    const [, own] = inputs.find(([name]) => name === graph.inputs[at]) ?? inputs[0]
    return { data: Float32Array.from(data), shape: [shape[0], ...own] }
  })
  const given =
    inputs.length > 1
      ? Object.fromEntries(inputs.map(([name]) => [name, data[read.indexOf(graph.inputs.indexOf(name))]]))
      : data[0]
  const made =
    net.outputs.length > 1 ? Object.values(await net.predictAll(given)) : [await net.predict(given)]
  for (const [at, own] of made.entries()) {
    const wrong = expected[at].shape.map((_, axis) =>
      difference(own, batchToFront(expected[at], axis), tolerance),
    )
    if (!wrong.includes('')) return { wrong: wrong[0] ?? 'a single number' }
  }
  return { passes: true }
}
