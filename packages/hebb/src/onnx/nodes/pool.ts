// Pooling.
import { averagePool2d, globalAveragePool2d, type Layer, maxPool2d } from '../../layers'
import type { NodeView, Translator } from '../graph/node'
import { BATCH, Source, type Value, valueIn } from '../graph/value'
import { image, imageValue, pair, windowOf } from './window'

type Pooling = Parameters<typeof maxPool2d>[0]

/** A pooling whose layer is made from its window. */
function pooled(node: NodeView, make: (window: Pooling) => Layer): Value {
  const { from, shape, lines } = image(node, node.ordered())
  const kernel = pair(node, node.ints('kernel_shape'), lines, 1)
  const { output, stride, dilation, padding, ceil } = windowOf(node, shape, kernel, lines)
  if (dilation.some((n) => n !== 1)) node.fail('has dilations')
  const layer = make({ kernel, stride, padding, ceilMode: ceil })
  const made = [shape[0], ...output]
  return imageValue(new Source(() => node.network.add(layer, [from], made)), made, lines)
}

const maxPool: Translator = (node) => {
  if (node.isRead(1)) node.fail('returns indices')
  return pooled(node, maxPool2d)
}

const averagePool: Translator = (node) => {
  const countPadding = node.int('count_include_pad') === 1
  return pooled(node, (window) => averagePool2d({ ...window, countPadding }))
}

/** The mean or the maximum of each channel. */
function globalPool(node: NodeView, kind: 'mean' | 'max', keep: boolean): Value {
  const value = node.ordered()
  const { from, shape } = image(node, value)
  const [channels, height, width] = shape
  const source = new Source(() =>
    kind === 'mean'
      ? node.network.add(globalAveragePool2d(), [from], [channels])
      : node.network.add(maxPool2d({ kernel: [height, width] }), [from], [channels, 1, 1]),
  )
  return valueIn(source, [BATCH, channels, ...(keep ? value.sample.slice(1).map(() => 1) : [])])
}

/** A mean or maximum over all of space. */
const reduced =
  (kind: 'mean' | 'max'): Translator =>
  (node) => {
    const rank = node.value().shape.length
    const axes = (node.list('axes', 1) ?? []).map((axis) => (axis < 0 ? axis + rank : axis)).sort()
    const space = Array.from({ length: rank - 2 }, (_, d) => d + 2)
    if (rank < 3 || `${axes}` !== `${space}`) node.fail(`reduces the axes ${axes}`)
    return globalPool(node, kind, node.int('keepdims', 1) === 1)
  }

export const POOL: Record<string, Translator> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: (node) => globalPool(node, 'mean', true),
  GlobalMaxPool: (node) => globalPool(node, 'max', true),
  ReduceMean: reduced('mean'),
  ReduceMax: reduced('max'),
}
