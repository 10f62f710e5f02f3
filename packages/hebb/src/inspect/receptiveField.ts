import type { Layer } from '../layers'
import type { Network } from '../network/network'

/** Rows or columns of an image, from the first to the last. */
export type Span = readonly [first: number, last: number]

/** A part of an image: its rows and its columns. */
export type Region = readonly [rows: Span, columns: Span]

/** The part of the input that a place of a layer's output depends on, cut at the border of the input. */
export type Field = (row: number, column: number) => Region

/** Layers whose output at a place depends on their inputs at this place. */
const POINTWISE = [
  'activation',
  'dropout',
  'batchNorm',
  'standardize',
  'localResponseNorm',
  'add',
  'multiply',
  'concat',
]

/**
 * The receptive field of each place of a layer's output `[C, H, W]`, from the kernels, strides and paddings before it: that of all its
 * channels together, of which some may depend on less.
 */
export function receptiveField(net: Network, name: string): Field {
  const { inputs, layers } = net.description
  const [input, shape] = inputs[0]!
  const sizeOf = (name: string) => (name === input ? shape : layerOf(name).output).slice(-2)
  const layerOf = (name: string) => layers.find((layer) => layer.name === name)!
  const specOf = (name: string): Layer => {
    const spec = net.spec.layers[layers.indexOf(layerOf(name))]!
    return spec.type === 'shared' ? specOf(spec.of) : spec
  }
  const back = (name: string, region: Region): Region => {
    if (name === input) return region
    const { from } = layerOf(name)
    const regions = from.map((source) => {
      const size = sizeOf(source)
      const read = [0, 1].map((d) => reads(specOf(name), d, region[d as 0 | 1], size[d] ?? 1))
      return back(source, read as unknown as Region)
    })
    // The smallest region that holds those of all branches.
    return [0, 1].map((d) => [
      Math.min(...regions.map((one) => one[d as 0 | 1][0])),
      Math.max(...regions.map((one) => one[d as 0 | 1][1])),
    ]) as unknown as Region
  }
  return (row, column) =>
    back(name, [
      [row, row],
      [column, column],
    ])
}

/** What a layer reads of its input's `size` rows (d = 0) or columns (d = 1) for a span of its output. */
function reads(layer: Layer, d: number, [first, last]: Span, size: number): Span {
  if (POINTWISE.includes(layer.type)) return [first, last]
  let [stride, reach, before] = [1, 1, 0]
  if (layer.type === 'zeroPadding2d') before = start(layer.padding, d)
  else if ('kernel' in layer) {
    const dilation = 'dilation' in layer ? layer.dilation[d]! : 1
    reach = (layer.kernel[d]! - 1) * dilation + 1
    stride = 'stride' in layer ? layer.stride[d]! : layer.kernel[d]!
    const padding = 'padding' in layer ? layer.padding : 0
    const end = (Math.ceil(size / stride) - 1) * stride + reach
    before = padding === 'same' ? Math.max(0, end - size) >> 1 : start(padding, d)
  } else return [0, size - 1]
  // Of a window that lies in the padding alone, the nearest pixel.
  const inside = (at: number) => Math.min(size - 1, Math.max(0, at))
  return [inside(first * stride - before), inside(last * stride - before + reach - 1)]
}

/** The zeros above, or on the left. */
function start(padding: unknown, d: number): number {
  if (!Array.isArray(padding)) return Number(padding)
  const side: number | [number, number] = padding[d]
  return typeof side === 'number' ? side : side[0]
}
