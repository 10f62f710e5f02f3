// Each of Hebb's layers as nodes.
import type { Layer } from '../../layers'
import { moved, size, type Tensor } from '../../tensor'
import { writeRecurrent } from './recurrent'
import { perChannel, type Writer } from './writer'

/** A layer that is written: what it reads, the shapes of samples, and its weights. */
export interface Written {
  inputs: readonly string[]
  shapes: readonly (readonly number[])[]
  output: readonly number[]
  /** A weight by the last part of its name. */
  weight: (part: string) => Tensor
  /** The name of the weight in the file. */
  named: (part: string) => string
}

type Kind = Layer['type']
type Writing = { [K in Kind]: (writer: Writer, layer: Extract<Layer, { type: K }>, own: Written) => string }

/**
 * The attributes of a window. Paddings are written as numbers: few programs know `auto_pad` together with dilations, and they
 * differ in which windows `ceil_mode` adds, so that it is written only where an average must not count what they reach beyond
 * the padding.
 */
function windowOf(
  layer: Extract<Layer, { type: 'conv2d' | 'maxPool2d' | 'averagePool2d' }>,
  { shapes: [shape], output }: Written,
) {
  const { kernel, stride, padding } = layer
  const ceil = layer.type !== 'conv2d' && layer.ceilMode
  const counts = layer.type === 'averagePool2d' && layer.countPadding
  const sides = kernel.map((size, d) => {
    const reach = (size - 1) * (layer.type === 'conv2d' ? layer.dilation[d]! : 1) + 1
    const whole = (output[d + 1]! - 1) * stride[d]! + reach - shape![d + 1]!
    if (padding === 'same') return [Math.max(whole, 0) >> 1, (Math.max(whole, 0) + 1) >> 1]
    const [before, after] = padding[d]!
    return ceil ? [before!, Math.max(whole - before!, 0)] : [before!, after!]
  })
  const beyond =
    counts && ceil && padding !== 'same' && sides.some(([, after], d) => after! > padding[d]![1]!)
  const [h, w] = (beyond ? padding : sides) as number[][]
  return {
    kernel_shape: kernel,
    strides: stride,
    pads: [h![0]!, w![0]!, h![1]!, w![1]!],
    ...(beyond && { ceil_mode: 1 }),
  }
}

/** The weights of a convolution whose filters read some channels each, with zeros for the others. */
function unconnected(weight: Tensor, table: readonly (readonly number[])[], channels: number): Tensor {
  const [, height, width] = weight.shape as [number, number, number]
  const plane = height * width
  const data = new Float32Array(table.length * channels * plane)
  let from = 0
  table.forEach((own, filter) => {
    for (const channel of own) {
      data.set(weight.data.subarray(from, from + plane), (filter * channels + channel) * plane)
      from += plane
    }
  })
  return { data, shape: [table.length, channels, height, width] }
}

/** −‖x − c‖² for each center, of `[…, features]`. */
function negativeDistances(writer: Writer, x: string, centers: Tensor): string {
  const apart = writer.node('Sub', [writer.node('Unsqueeze', [x, writer.ints([-2])]), writer.floats(centers)])
  const squares = writer.node('ReduceSumSquare', [apart, writer.ints([-1])], { keepdims: 0 })
  return writer.node('Neg', [squares])
}

export const WRITING: Omit<Writing, 'shared'> = {
  conv2d: (writer, layer, own) => {
    const {
      inputs: [x],
      shapes: [shape],
      weight,
      named,
    } = own
    const [channels] = shape!
    const { connections, groups, bias } = layer
    const W = connections ? unconnected(weight('weight'), connections, channels!) : weight('weight')
    const settings = {
      ...windowOf(layer, own),
      dilations: layer.dilation,
      group: groups === 'depthwise' ? channels! : groups,
    }
    const biases = bias ? [writer.floats(weight('bias'), named('bias'))] : []
    return writer.node('Conv', [x!, writer.floats(W, named('weight')), ...biases], settings)
  },
  dense: (writer, { bias }, { inputs: [x], output, weight, named }) => {
    const own = bias ? [writer.floats(weight('bias'), named('bias'))] : []
    if (output.length === 1)
      return writer.node('Gemm', [x!, writer.floats(weight('weight'), named('weight')), ...own], {
        transB: 1,
      })
    const product = writer.node('MatMul', [
      x!,
      writer.floats(moved(weight('weight'), [1, 0]), named('weight')),
    ])
    return bias ? writer.node('Add', [product, own[0]!]) : product
  },
  maxPool2d: (writer, layer, own) => writer.node('MaxPool', own.inputs, windowOf(layer, own)),
  averagePool2d: (writer, layer, own) =>
    writer.node('AveragePool', own.inputs, {
      ...windowOf(layer, own),
      count_include_pad: Number(layer.countPadding),
    }),
  globalAveragePool2d: (writer, _, { inputs: [x] }) =>
    writer.node('Flatten', [writer.node('GlobalAveragePool', [x!])], { axis: 1 }),
  subsample2d: (writer, { kernel }, { inputs: [x], output, weight }) => {
    const mean = writer.node('AveragePool', [x!], { kernel_shape: kernel, strides: kernel })
    const scale = weight('weight').data.map((n) => n * size(kernel))
    const product = writer.node('Mul', [mean, writer.floats(perChannel(scale, output))])
    return writer.node('Add', [product, writer.floats(perChannel(weight('bias').data, output))])
  },
  flatten: (writer, _, { inputs: [x] }) => writer.node('Flatten', [x!], { axis: 1 }),
  reshape: (writer, { shape }, { inputs: [x] }) => writer.node('Reshape', [x!, writer.ints([0, ...shape])]),
  permute: (writer, { axes }, { inputs: [x] }) =>
    writer.node('Transpose', [x!], { perm: [0, ...axes.map((axis) => axis + 1)] }),
  repeatVector: (writer, { steps }, { inputs: [x] }) =>
    writer.node('Expand', [writer.node('Unsqueeze', [x!, writer.ints([1])]), writer.ints([1, steps, 1])]),
  zeroPadding2d: (writer, { padding: [h, w] }, { inputs: [x] }) =>
    writer.node('Pad', [x!, writer.ints([0, 0, h[0], w[0], 0, 0, h[1], w[1]])]),
  dropout: (writer, { rate }, { inputs: [x] }) => writer.node('Dropout', [x!, writer.number(rate)]),
  batchNorm: (writer, { epsilon, momentum }, { inputs: [x], weight, named }) => {
    const parts = ['weight', 'bias', 'running_mean', 'running_var']
    const own = parts.map((part) => writer.floats(weight(part), named(part)))
    const settings = { epsilon: { float: epsilon }, momentum: { float: 1 - momentum } }
    return writer.node('BatchNormalization', [x!, ...own], settings)
  },
  localResponseNorm: (writer, { size, alpha, beta, k }, { inputs: [x], output }) => {
    if (size % 2)
      return writer.node('LRN', [x!], {
        size,
        alpha: { float: alpha },
        beta: { float: beta },
        bias: { float: k },
      })
    // Of an even number of channels ONNX's window has one more behind, Hebb's and PyTorch's one more before: written as PyTorch does.
    const squares = writer.node('Mul', [x!, x!])
    const wide = writer.node('Reshape', [squares, writer.ints([0, 1, ...output])])
    const pads = writer.ints([0, 0, size / 2, 0, 0, 0, 0, size / 2 - 1, 0, 0])
    const means = writer.node('AveragePool', [writer.node('Pad', [wide, pads])], {
      kernel_shape: [size, 1, 1],
    })
    const flat = writer.node('Reshape', [means, writer.ints([0, ...output])])
    const scaled = writer.node('Mul', [flat, writer.number(alpha)])
    const shifted = writer.node('Add', [scaled, writer.number(k)])
    return writer.node('Div', [x!, writer.node('Pow', [shifted, writer.number(beta)])])
  },
  standardize: (writer, { mean, deviation, invert }, { inputs: [x], output }) => {
    const [shift, scale] = [mean, deviation].map((numbers) => writer.fixed(perChannel(numbers, output)))
    if (invert) return writer.node('Add', [writer.node('Mul', [x!, scale!]), shift!])
    return writer.node('Div', [writer.node('Sub', [x!, shift!]), scale!])
  },
  activation: (_, __, { inputs: [x] }) => x!,
  add: (writer, _, { inputs }) => writer.node('Sum', inputs),
  multiply: (writer, _, { inputs, shapes, output }) => {
    // Behind the channels of a factor come the axes of an image.
    const alike = inputs.map((input, at) =>
      shapes[at]!.length < output.length ? writer.node('Unsqueeze', [input, writer.ints([2, 3])]) : input,
    )
    return alike.reduce((product, factor) => writer.node('Mul', [product, factor]))
  },
  concat: (writer, _, { inputs, output }) =>
    writer.node('Concat', inputs, { axis: output.length === 2 ? 2 : 1 }),
  embedding: (writer, _, { inputs: [x], output, weight, named }) => {
    const rows = writer.node('Gather', [writer.floats(weight('weight'), named('weight')), x!])
    return writer.node('Reshape', [rows, writer.ints([0, ...output])])
  },
  rnn: (writer, layer, { inputs: [x], weight }) => writeRecurrent(writer, layer, x!, weight),
  gru: (writer, layer, { inputs: [x], weight }) => writeRecurrent(writer, layer, x!, weight),
  lstm: (writer, layer, { inputs: [x], weight }) => writeRecurrent(writer, layer, x!, weight),
  euclideanRbf: (writer, { centers }, { inputs: [x] }) => {
    const data = Float32Array.from(centers.flatMap((center) => [...center]))
    return negativeDistances(writer, x!, { data, shape: [centers.length, centers[0]!.length] })
  },
  rbf: (writer, _, { inputs: [x], weight }) => {
    const halves = weight('log_widths').data.map((log) => 0.5 * Math.exp(-2 * log))
    const distances = negativeDistances(writer, x!, weight('centers'))
    return writer.node('Exp', [writer.node('Mul', [distances, writer.floats(perChannel(halves, []))])])
  },
}
