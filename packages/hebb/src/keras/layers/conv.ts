// Convolutions and pooling: of images, and of sequences, which are images of one channel or of height T and width 1.

import {
  averagePool2d,
  conv2d,
  flatten,
  globalAveragePool2d,
  maxPool2d,
  reshape,
  zeroPadding2d,
} from '../../layers'
import { moved } from '../../tensor'
import { activationOf, checkSoftmax } from './activations'
import { as, hebbShape, type Value } from './value'
import type { LayerView, Translator } from './view'

type Sides = [[number, number], [number, number]]

/** The zeros before and after, and how many windows there are along an axis. */
function along(view: LayerView, n: number, kernel: number, stride: number, dilation: number) {
  const reach = dilation * (kernel - 1) + 1
  const padding = view.text('padding', 'valid')
  const total =
    padding === 'same'
      ? Math.max(0, (Math.ceil(n / stride) - 1) * stride + reach - n)
      : padding === 'causal'
        ? reach - 1
        : 0
  if (!['same', 'causal', 'valid'].includes(padding)) view.wrong('padding')
  const before = padding === 'causal' ? total : Math.floor(total / 2)
  const count = Math.floor((n + total - reach) / stride) + 1
  return { sides: [before, total - before] as [number, number], count }
}

/** The windows over the axes of a layer. */
function windows(view: LayerView, value: Value, axes: number, size: 'kernel_size' | 'pool_size') {
  view.only('data_format', 'channels_last')
  if (value.shape.length !== axes + 1) view.fail(`reads [${value.shape}]`)
  const kernel = view.counts(size, axes)
  const stride = view.counts('strides', axes, size === 'pool_size' ? kernel : 1)
  const dilation = view.counts('dilation_rate', axes, 1)
  const each = kernel.map((n, axis) => along(view, value.shape[axis]!, n, stride[axis]!, dilation[axis]!))
  const pair = (list: readonly number[], other = 1) => [list[0]!, list[1] ?? other] as [number, number]
  const padding: Sides = [each[0]!.sides, each[1]?.sides ?? [0, 0]]
  const output = each.map(({ count }) => count)
  if (output.some((n) => n < 1)) view.fail(`has windows of ${kernel} over [${value.shape}]`)
  return { kernel: pair(kernel), stride: pair(stride), dilation: pair(dilation), padding, output }
}

const conv =
  (axes: number): Translator =>
  (view) => {
    const value = view.value()
    const { kernel, stride, dilation, padding, output } = windows(view, value, axes, 'kernel_size')
    const [filters, groups, bias] = [
      view.count('filters'),
      view.number('groups', 1),
      view.flag('use_bias', true),
    ]
    const channels = value.shape.at(-1)!
    const inner = channels / groups
    const own = view.weights({
      kernel: [...kernel.slice(0, axes), inner, filters],
      ...(bias && { bias: [filters] }),
    })
    const activation = activationOf(view)
    checkSoftmax(
      view,
      activation,
      output.reduce((all, n) => all * n, 1),
    )
    const settings = { filters, activation, bias, dilation }
    const made = { form: 'planes', shape: [...output, filters] } as const
    const b = bias ? { bias: own.bias } : {}
    if (value.form === 'steps') {
      // A sequence is one channel [T, features], and a filter reads all features.
      if (groups !== 1) view.wrong('groups')
      const from = view.before(reshape([1, ...value.shape] as [number, number, number]), value.name)
      const weight = as(moved(own.kernel, [2, 0, 1]), [filters, 1, kernel[0], channels])
      const layer = conv2d({ ...settings, kernel: [kernel[0], channels], stride: [stride[0], 1], padding })
      return view.add(layer, made, { weight, ...b }, [from])
    }
    const all = as(own.kernel, [...kernel, inner, filters])
    const layer = conv2d({ ...settings, kernel, stride, padding, groups })
    return view.add(layer, made, { weight: moved(all, [3, 2, 0, 1]), ...b })
  }

/** A kernel `[h, w, C, multiplier]` as the filters of groups of one channel. */
const depthwiseWeight = (kernel: Parameters<typeof moved>[0]) => {
  const { data, shape } = moved(kernel, [2, 3, 0, 1])
  return { data, shape: [shape[0]! * shape[1]!, 1, shape[2]!, shape[3]!] }
}

const depthwise: Translator = (view) => {
  const value = view.value()
  const { output, ...window } = windows(view, value, 2, 'kernel_size')
  const [multiplier, bias] = [view.number('depth_multiplier', 1), view.flag('use_bias', true)]
  const channels = value.shape.at(-1)!
  const filters = channels * multiplier
  const own = view.weights({
    depthwise_kernel: [...window.kernel, channels, multiplier],
    ...(bias && { bias: [filters] }),
  })
  const activation = activationOf(view)
  checkSoftmax(view, activation, output[0]! * output[1]!)
  const layer = conv2d({ ...window, filters, groups: channels, bias, activation })
  const weights = { weight: depthwiseWeight(own.depthwise_kernel), ...(bias && { bias: own.bias }) }
  return view.add(layer, { form: 'planes', shape: [...output, filters] }, weights)
}

/** A convolution of each channel, then one of 1 × 1. */
const separable: Translator = (view) => {
  const value = view.value()
  const { output, ...window } = windows(view, value, 2, 'kernel_size')
  const [multiplier, bias, filters] = [
    view.number('depth_multiplier', 1),
    view.flag('use_bias', true),
    view.count('filters'),
  ]
  const channels = value.shape.at(-1)!
  const inner = channels * multiplier
  const own = view.weights({
    depthwise_kernel: [...window.kernel, channels, multiplier],
    pointwise_kernel: [1, 1, inner, filters],
    ...(bias && { bias: [filters] }),
  })
  const activation = activationOf(view)
  checkSoftmax(view, activation, output[0]! * output[1]!)
  const each = conv2d({ ...window, filters: inner, groups: channels, bias: false })
  const from = view.before(each, value.name, { weight: depthwiseWeight(own.depthwise_kernel) })
  const weights = { weight: moved(own.pointwise_kernel, [3, 2, 0, 1]), ...(bias && { bias: own.bias }) }
  const layer = conv2d({ filters, kernel: 1, bias, activation })
  return view.add(layer, { form: 'planes', shape: [...output, filters] }, weights, [from])
}

const pool =
  (axes: number, make: typeof maxPool2d | typeof averagePool2d): Translator =>
  (view) => {
    const value = view.value()
    const { kernel, stride, padding, output } = windows(view, value, axes, 'pool_size')
    const layer = make({ kernel, stride, padding })
    const shape = [...output, value.shape.at(-1)!]
    return value.form === 'steps'
      ? overSteps(view, value, layer, shape)
      : view.add(layer, { form: 'planes', shape })
  }

/** A layer for images over a sequence, as an image `[1, T, features]`. */
function overSteps(
  view: LayerView,
  value: Value,
  layer: Parameters<LayerView['before']>[0],
  shape: number[],
) {
  const image = view.before(reshape([1, ...value.shape] as [number, number, number]), value.name)
  const made = view.before(layer, image)
  return view.add(reshape(shape as [number, number]), { form: 'steps', shape }, {}, [made])
}

const globalPool =
  (axes: number, kind: 'max' | 'average'): Translator =>
  (view) => {
    const value = view.value()
    view.only('data_format', 'channels_last')
    if (value.shape.length !== axes + 1) view.fail(`reads [${value.shape}]`)
    const channels = value.shape.at(-1)!
    const keep = view.flag('keepdims')
    const isPlanes = value.form === 'planes'
    const made: Omit<Value, 'name'> = keep
      ? { form: value.form, shape: [...Array(axes).fill(1), channels] }
      : { form: 'flat', shape: [channels] }
    if (isPlanes && kind === 'average' && !keep) return view.add(globalAveragePool2d(), made)
    const [, height, width] = isPlanes ? hebbShape(value) : [1, value.shape[0]!, 1]
    const image = isPlanes
      ? value.name
      : view.before(reshape([1, ...value.shape] as [number, number, number]), value.name)
    const make = kind === 'max' ? maxPool2d : averagePool2d
    const layer = make({ kernel: [height!, width!] })
    if (keep && isPlanes) return view.add(layer, made)
    const pooled = view.before(layer, image)
    return view.add(keep ? reshape([1, channels]) : flatten(), made, {}, [pooled])
  }

const zeroPadding =
  (axes: number): Translator =>
  (view) => {
    const value = view.value()
    view.only('data_format', 'channels_last')
    if (value.shape.length !== axes + 1) view.fail(`reads [${value.shape}]`)
    const given = view.option('padding') ?? 1
    const each = Array.isArray(given) && axes === 2 ? given : Array(axes).fill(given)
    const padding = each.map((side) => (Array.isArray(side) ? side : [side, side])) as unknown as Sides
    if (axes === 1) padding.push([0, 0])
    const layer = zeroPadding2d({ padding })
    const shape = value.shape.map((n, axis) => (axis < axes ? n + padding[axis]![0] + padding[axis]![1] : n))
    return value.form === 'steps'
      ? overSteps(view, value, layer, shape)
      : view.add(layer, { form: 'planes', shape })
  }

export const CONV: Record<string, Translator> = {
  Conv1D: conv(1),
  Conv2D: conv(2),
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  MaxPooling1D: pool(1, maxPool2d),
  MaxPooling2D: pool(2, maxPool2d),
  AveragePooling1D: pool(1, averagePool2d),
  AveragePooling2D: pool(2, averagePool2d),
  GlobalMaxPooling1D: globalPool(1, 'max'),
  GlobalMaxPooling2D: globalPool(2, 'max'),
  GlobalAveragePooling1D: globalPool(1, 'average'),
  GlobalAveragePooling2D: globalPool(2, 'average'),
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
}
