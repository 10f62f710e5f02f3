// A network of the benchmark in TensorFlow.js, whose images are NHWC.
import * as tf from '@tensorflow/tfjs'
import type { Model } from '../../harness/work.ts'
import { parameters } from '../../harness/work.ts'
import { recurrent } from './recurrent.ts'

/** A tensor: TensorFlow.js's types are not available when this is checked. */
type Tensor = ReturnType<typeof tf.tensor>

/** Images NCHW as NHWC. */
export const nhwc = (data: Float32Array, shape: readonly number[]): Tensor =>
  tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1])

/** Filters OIHW as HWIO. */
export const hwio = (data: Float32Array, shape: readonly number[]): Tensor =>
  tf.transpose(tf.tensor(data, shape), [2, 3, 1, 0])

/** Samples as a batch: features, sequences or images. */
export function images({ input }: Model, data: Float32Array): Tensor {
  const [channels, height, width] = input
  if (height === undefined) return tf.tensor(data, [data.length / channels!, channels])
  if (width === undefined) {
    return tf.tensor(data, [data.length / (channels! * height), channels, height])
  }
  const batch = data.length / (channels! * height * width)
  // Images of one channel have the same bytes in both orders.
  if (channels === 1) return tf.tensor(data, [batch, height, width, 1])
  return nhwc(data, [batch, channels!, height, width])
}

/** A function from samples to logits that reads variables. */
export function network(model: Model): (x: Tensor) => Tensor {
  const own = parameters(model)[Symbol.iterator]()
  let flattened: readonly [number, number, number] | undefined
  const layers = model.layers.map((layer): ((x: Tensor) => Tensor) => {
    if (layer.type === 'pool') {
      const kernel = layer.kernel ?? 2
      return layer.pool === 'max'
        ? (x) => tf.maxPool(x, kernel, 2, 'valid')
        : (x) => tf.avgPool(x, kernel, 2, 'valid')
    }
    if (layer.type === 'flatten') {
      flattened = layer.shape
      return (x) => tf.reshape(x, [x.shape[0], -1])
    }
    if (layer.type === 'recurrent') {
      const run = recurrent(
        layer.cell,
        [0, 1, 2, 3].map(() => own.next().value!),
      )
      return (x) => run(x).h
    }
    const [weight, bias] = [own.next().value!, own.next().value!]
    const b = tf.variable(tf.tensor(bias.data))
    // Fused operations are computed in the same pass.
    const activation = layer.activation === 'relu' ? 'relu' : 'linear'
    const behind = (y: Tensor) => (layer.activation === 'tanh' ? tf.tanh(y) : y)
    if (layer.type === 'conv') {
      const filter = tf.variable(hwio(weight.data, weight.shape))
      const options = { filter, strides: layer.stride ?? 1, pad: layer.padding, bias: b, activation }
      return (x) => behind(tf.fused.conv2d({ x, ...options }))
    }
    // [units, inputs] → [inputs, units]; flattened images change from inputs CHW to HWC.
    const matrix = flattened
      ? tf.reshape(hwio(weight.data, [layer.units, ...flattened]), [layer.inputs, layer.units])
      : tf.transpose(tf.tensor(weight.data, weight.shape))
    flattened = undefined
    const w = tf.variable(matrix)
    return (x) => behind(tf.fused.matMul({ a: x, b: w, bias: b, activation }))
  })
  return (x) => layers.reduce((at, layer) => layer(at), x)
}
