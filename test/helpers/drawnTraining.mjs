// A drawn network of test/fixtures/drawn_networks.py, trained by `fit`.
import { adadelta, adagrad, adam, adamw, datasets, nadam, rmsprop, sgd } from 'hebb'
import { networkOf } from './drawnNetwork.mjs'

const OPTIMIZERS = { adadelta, adagrad, adam, adamw, nadam, rmsprop, sgd }

const size = (shape) => shape.reduce((a, b) => a * b, 1)

/** Samples `[N, …]` of one input, or by name those of several, whose values lie beside each other in the rows of `x`. */
function inputsOf(input, x, samples) {
  if (!Array.isArray(input[0])) return { data: Float32Array.from(x), shape: [samples, ...input] }
  const width = x.length / samples
  let at = 0
  return Object.fromEntries(
    input.map(([name, shape]) => {
      const begin = at
      at += size(shape)
      const rows = Array.from({ length: samples }, (_, n) => x.slice(n * width + begin, n * width + at))
      return [name, { data: Float32Array.from(rows.flat()), shape: [samples, ...shape] }]
    }),
  )
}

/** How the weights after `fit` differ from PyTorch's, or ''. */
export async function trainingDifference(one) {
  const { input } = one.spec
  using net = await networkOf(one.spec)
  // PyTorch's list of numbers has the running statistics last.
  const named = Object.entries(await net.weights())
  const states = named.filter(([name]) => name.includes('.running_'))
  const order = [...named.filter((entry) => !states.includes(entry)), ...states]
  let at = 0
  const start = order.map(([name, { shape }]) => {
    at += size(shape)
    return [name, { data: Float32Array.from(one.start.slice(at - size(shape), at)), shape }]
  })
  await net.setWeights(Object.fromEntries(start))

  const { type, ...options } = one.optimizer
  const t =
    one.targets === 'classes' ? one.t : { data: Float32Array.from(one.t), shape: [one.samples, one.width] }
  await net.fit(await datasets.fromArrays(inputsOf(input, one.x, one.samples), t), {
    epochs: 2,
    batchSize: one.batchSize,
    accumulate: one.accumulate,
    shuffle: false,
    loss: one.loss,
    optimizer: OPTIMIZERS[type](options),
  })
  const after = await net.weights()
  const own = order.flatMap(([name]) => [...after[name].data])
  // Ten times as far from the truth as PyTorch is in single precision, or a millionth.
  const error = Math.max(1e-3, ...one.end.map(Math.abs)) * (1e-6 + 10 * one.slack)
  const wrong = one.end.findIndex((value, i) => !(Math.abs(value - own[i]) <= error))
  if (own.length !== one.end.length) return `${own.length} weights, expected ${one.end.length}`
  return wrong < 0 ? '' : `weight ${wrong} is ${own[wrong]}, expected ${one.end[wrong]} ± ${error}`
}
