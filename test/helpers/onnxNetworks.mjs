// Networks that have, together, every layer and activation that is written as ONNX.
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  dense,
  dropout,
  elementwise,
  elu,
  embedding,
  erf,
  euclideanRbf,
  expm1,
  flatten,
  globalAveragePool2d,
  gru,
  leakyRelu,
  localResponseNorm,
  log,
  lstm,
  maximum,
  maxPool2d,
  multiply,
  network,
  rbf,
  repeatVector,
  reshape,
  rnn,
  shared,
  softplus,
  sqrt,
  standardize,
  subsample2d,
  where,
  zeroPadding2d,
} from 'hebb'
import { alexnet, lenet5 } from 'hebb/zoo'

const ACTIVATIONS = [
  'step',
  'sign',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'lecunTanh',
  'relu',
  'leakyRelu',
  'prelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'mish',
  'softplus',
  'softsign',
  'gaussian',
]
const formula = elementwise((x) =>
  where(
    x,
    0.2,
    log(maximum(x, 0.1)).plus(sqrt(x.times(x).plus(1))),
    expm1(x).over(2).minus(softplus(x).power(2)),
  ).plus(erf(x)),
)

const conv = (name, filters, kernel, more = {}) => conv2d({ name, filters, kernel, ...more })

/** By name, functions that make the networks. */
export const NETWORKS = {
  'lenet5 of 1998': () => lenet5({ variant: 'original', weights: 'mnist' }),
  'lenet5, modern': () => lenet5({ weights: 'mnist' }),
  'residual network': () =>
    network(
      [3, 9, 8],
      [
        conv('a', 6, 3, { padding: 'same', activation: 'relu' }),
        conv('b', 6, [3, 2], {
          padding: [
            [1, 1],
            [1, 0],
          ],
          bias: false,
        }),
        batchNorm(),
        add({ from: ['a', 'norm1'], name: 'sum' }),
        activation('silu'),
        conv('c', 8, 3, { stride: 2, padding: 1, groups: 2, dilation: 1 }),
        concat({ from: ['c', 'c'], name: 'twice' }),
        localResponseNorm({ size: 5, alpha: 0.01 }),
        localResponseNorm({ size: 2, alpha: 0.3, beta: 0.6, k: 2, name: 'maps' }),
        globalAveragePool2d(),
        dense({ units: 16, activation: 'sigmoid', name: 'gate' }),
        multiply({ from: ['gate', 'maps'] }),
        globalAveragePool2d({ name: 'means' }),
        multiply({ from: ['means', 'gate', 'means'] }),
        dropout({ rate: 0.3 }),
        dense({ units: 4, activation: 'softmax' }),
      ],
    ),
  pooling: () =>
    network(
      [2, 11, 10],
      [
        zeroPadding2d({
          padding: [
            [1, 0],
            [2, 1],
          ],
        }),
        maxPool2d({ kernel: 3, stride: 2, padding: 1, ceilMode: true }),
        averagePool2d({ kernel: 3, stride: 1, padding: 1, countPadding: true }),
        averagePool2d({ kernel: 2, stride: 1, padding: 'same' }),
        subsample2d({ kernel: 2, activation: 'lecunTanh' }),
        standardize({ mean: [0.2, -0.1], deviation: [0.5, 2] }),
        activation('prelu'),
        flatten(),
        rbf({ units: 5 }),
        dense({ units: 3, activation: 'logSoftmax' }),
      ],
    ),
  activations: () =>
    network(
      [6],
      [
        ...[...ACTIVATIONS, leakyRelu({ slope: 0.3 }), elu({ alpha: 0.5 }), formula].flatMap((kind) => [
          dense({ units: 6 }),
          activation(kind),
        ]),
        standardize({ mean: 1, deviation: 0.5, invert: true }),
      ],
    ),
  lstm: () =>
    network(
      [7],
      [
        embedding({ units: 5, vocabulary: 9 }),
        lstm({ units: 6, layers: 2, direction: 'both', dropout: 0.2, returns: 'all' }),
        dense({ units: 4, activation: 'relu' }),
        lstm({ units: 3, initialState: 'learned' }),
        dense({ units: 2, activation: 'softmax' }),
      ],
    ),
  gru: () =>
    network(
      [5, 3],
      [
        gru({ units: 4, returns: 'all' }),
        gru({ units: 4, reset: 'before', direction: 'backward', bias: false, returns: 'all' }),
        activation('prelu'),
        gru({ units: 2, direction: 'both' }),
        repeatVector({ steps: 3 }),
        gru({ units: 2 }),
      ],
    ),
  rnn: () =>
    network(
      [5, 3],
      [
        rnn({ units: 4, activation: 'relu', returns: 'all', initialState: 'learned' }),
        rnn({ units: 4, activation: 'sigmoid', direction: 'both', returns: 'all' }),
        standardize({ mean: 0.1, deviation: 2 }),
        reshape([2, 4, 5]),
        euclideanRbfOf(40),
      ].flat(),
    ),
  'several inputs': () =>
    network(
      { image: [1, 6, 6], other: [1, 6, 6], age: [2] },
      [
        conv('eye', 3, 3, { from: 'image' }),
        shared('eye', { from: 'other', name: 'second' }),
        concat({ from: ['eye', 'second'], name: 'both' }),
        flatten({ name: 'flat' }),
        concat({ from: ['flat', 'age'], name: 'all' }),
        dense({ units: 3, name: 'kind', activation: 'softmax' }),
        dense({ units: 1, name: 'size', from: 'all' }),
      ],
      { outputs: ['kind', 'size'] },
    ),
}

function euclideanRbfOf(features) {
  const center = (sign) => Array.from({ length: features }, (_, i) => (sign * ((i % 5) - 2)) / 4)
  return [flatten(), euclideanRbf({ centers: [center(1), center(-1)] })]
}

/** Large ones, for which a proof has the time. */
export const LARGE = {
  'alexnet, original': () => alexnet({ variant: 'original' }),
}

/** Pseudo-random numbers from 0 to 1. */
export function randomFrom(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Makes a network, with values in what begins as zeros or ones: biases, states, statistics, slopes. */
export async function made(make) {
  const net = await make()
  const next = randomFrom(7)
  const changed = Object.entries(await net.weights()).filter(([, { data }]) =>
    data.every((value) => value === data[0]),
  )
  for (const [, { data }] of changed) for (const i of data.keys()) data[i] += next() / 2
  await net.setWeights(Object.fromEntries(changed), { partial: true })
  return net
}

/** A batch of pseudo-random samples, token numbers for an embedding. */
export function samplesFor(net, count, seed = 1) {
  const next = randomFrom(seed)
  const { vocabulary } = net.spec.layers[0]
  const given = net.description.inputs.map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b, count)
    const value = () => (vocabulary ? Math.floor(next() * Math.min(vocabulary, 9)) : 2 * next() - 1)
    return [name, { data: Float32Array.from({ length }, value), shape: [count, ...shape] }]
  })
  return given.length > 1 ? Object.fromEntries(given) : given[0][1]
}
