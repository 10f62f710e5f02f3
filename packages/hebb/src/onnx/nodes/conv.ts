// Convolutions, and zeros around images.
import { type Activation, conv2d, zeroPadding2d } from '../../layers'
import { channelwise, stem, tensor } from '../graph/builder'
import type { Translator } from '../graph/node'
import { Source } from '../graph/value'
import { image, imageValue, pair, type Sides, windowOf } from './window'

const conv: Translator = (node) => {
  const W = node.weights(1)
  const bias = node.optional(2)
  const { from, shape, lines } = image(node, node.ordered())
  if (W.shape.length !== (lines ? 3 : 4)) node.fail(`has weights [${W.shape}]`)
  const [filters, inner, ...size] = W.shape as [number, number, ...number[]]
  const groups = node.int('group', 1)
  if (inner * groups !== shape[0]) node.fail(`has weights [${W.shape}] for ${shape[0]} channels`)
  const kernel = pair(node, size, lines, 1)
  const { output, stride, dilation, padding } = windowOf(node, shape, kernel, lines)
  const made = [filters, ...output]
  const source = (activation: Activation, own?: Float32Array, first = 0, count = filters): Source => {
    const layer = conv2d({
      filters: count,
      kernel,
      stride,
      dilation,
      padding,
      groups,
      activation,
      bias: own !== undefined,
    })
    const { data } = tensor(W)
    const each = data.length / filters
    const weights = {
      weight: { data: data.subarray(first * each, (first + count) * each), shape: [count, inner, ...kernel] },
      ...(own && { bias: { data: own, shape: [count] } }),
    }
    const name = stem(W.name) && (count < filters ? `${stem(W.name)}.${first}` : stem(W.name))
    const part = (from: number, units: number) =>
      source('identity', own?.subarray(from, from + units), first + from, units)
    return new Source(() => node.network.add(layer, [from], [count, ...output], weights, name), {
      // Layers that share weights share their activations, and have all filters.
      ...(activation === 'identity' &&
        !node.isShared(1) && {
          activated: (kind: Activation) => source(kind, own, first, count),
          ...(groups === 1 && { units: { at: 1, part } }),
        }),
      ...(!own &&
        activation === 'identity' && {
          biased: (added: Float64Array) => {
            const own = channelwise(added, count)
            return own && source(activation, Float32Array.from(own), first, count)
          },
        }),
    })
  }
  return imageValue(source('identity', bias && new Float32Array(bias.values)), made, lines)
}

const padded: Translator = (node) => {
  const value = node.ordered()
  const rank = value.shape.length
  const mode = node.text('mode', 'constant')
  const filled = node.inputs.length > 1 ? (node.optional(2)?.uniform ?? 0) : node.float('value', 0)
  if (mode !== 'constant' || filled !== 0) node.fail(`pads with ${mode === 'constant' ? filled : mode}`)
  const given = node.list('pads', 1) ?? []
  const axes = node.optional(3)?.list ?? Array.from({ length: rank }, (_, axis) => axis)
  const pads = Array.from({ length: rank }, (): [number, number] => [0, 0])
  axes.forEach((axis, i) => {
    pads[axis < 0 ? axis + rank : axis] = [given[i] ?? 0, given[i + axes.length] ?? 0]
  })
  if (pads.flat().every((n) => n === 0)) return value
  const { from, shape, lines } = image(node, value)
  const [batch, channels, ...space] = pads as [number[], number[], ...[number, number][]]
  if ([...batch, ...channels].some((n) => n !== 0) || pads.flat().some((n) => n < 0))
    node.fail(`pads [${pads}]`)
  const padding = (lines ? [[0, 0], space[0]] : space) as Sides
  const made = [shape[0], shape[1] + padding[0][0] + padding[0][1], shape[2] + padding[1][0] + padding[1][1]]
  return imageValue(new Source(() => node.network.add(zeroPadding2d({ padding }), [from], made)), made, lines)
}

export const CONV: Record<string, Translator> = { Conv: conv, Pad: padded }
