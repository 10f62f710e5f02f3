// The activations by their values, and what cannot be trained.
import {
  type Activation,
  activation,
  datasets,
  dense,
  elementwise,
  elu,
  erf,
  leakyRelu,
  loss,
  network,
  softplus,
} from 'hebb'
import { expect, test } from 'vitest'

const bell = (x: number) => Math.exp(-x * x)
const logistic = (x: number) => 1 / (1 + Math.exp(-x))
const soft = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

test.each<[Activation, (x: number) => number]>([
  ['identity', (x) => x],
  ['step', (x) => (x >= 0 ? 1 : 0)],
  ['sign', (x) => (x >= 0 ? 1 : -1)],
  ['sigmoid', logistic],
  ['hardSigmoid', (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1)],
  ['tanh', Math.tanh],
  ['lecunTanh', (x) => 1.7159 * Math.tanh((2 * x) / 3)],
  ['relu', (x) => Math.max(x, 0)],
  ['leakyRelu', (x) => (x > 0 ? x : 0.01 * x)],
  [leakyRelu({ slope: -0.5 }), (x) => (x > 0 ? x : -0.5 * x)],
  ['elu', (x) => (x > 0 ? x : Math.expm1(x))],
  [elu({ alpha: 2 }), (x) => (x > 0 ? x : 2 * Math.expm1(x))],
  ['selu', (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
  ['silu', (x) => x * logistic(x)],
  ['mish', (x) => x * Math.tanh(soft(x))],
  ['softplus', soft],
  ['softsign', (x) => x / (1 + Math.abs(x))],
  ['gaussian', bell],
  [elementwise((x) => softplus(x)), soft],
])('%j', async (kind, f) => {
  const x = [-100, -20, -3, -1, -0.1, -1e-4, 0, 1e-4, 0.1, 1, 3, 20, 100]
  const net = await network([x.length], [activation(kind)])
  const { data } = await net.predict(x)
  data.forEach((y, i) => {
    expect(Math.abs(y - f(x[i]!))).toBeLessThan(1e-6 * (1 + Math.abs(f(x[i]!))))
  })
})

test('gelu is x·Φ(x), by erf', async () => {
  const x = [-5, -1, -0.5, 0, 0.5, 1, 5]
  const own = await network(
    [x.length],
    [activation(elementwise((x) => erf(x.over(Math.SQRT2)).plus(1).times(x).over(2)))],
  )
  const built = await network([x.length], [activation('gelu')])
  const [a, b] = await Promise.all([own.predict(x), built.predict(x)])
  expect(b.data[5]).toBeCloseTo(0.8413447, 6)
  a.data.forEach((y, i) => {
    expect(y).toBeCloseTo(b.data[i]!, 6)
  })
})

test('logSoftmax is the logarithm of softmax, and cross-entropy behind it the same', async () => {
  const make = (kind: Activation) => network([3], [dense({ units: 4, activation: kind })], { seed: 1 })
  const [log, plain] = await Promise.all([make('logSoftmax'), make('softmax')])
  const x = [[1, -2, 3]]
  const [a, b] = await Promise.all([log.predict(x), plain.predict(x)])
  a.data.forEach((y, i) => {
    expect(y).toBeCloseTo(Math.log(b.data[i]!), 5)
  })
  const [one, two] = await Promise.all([
    log.gradients(x, [2], { loss: 'crossEntropy' }),
    plain.gradients(x, [2], { loss: 'crossEntropy' }),
  ])
  expect(one).toEqual(two)
})

test.each<[Activation, number]>([
  ['relu', 0],
  ['leakyRelu', 0.01],
  ['elu', 1],
  [elu({ alpha: 0.7 }), 0.7],
  ['selu', 1.0507009873554805 * 1.6732632423543772],
  ['hardSigmoid', 1 / 6],
  ['softsign', 1],
  ['gaussian', 0],
  ['gelu', 0.5],
])('%j has at 0 the slope of the left side', async (kind, slope) => {
  const net = await network([1], [dense({ units: 1, activation: kind })], { seed: 1 })
  const { gradients } = await net.gradients([[0]], [[0]], { loss: loss((output) => output) })
  expect(gradients['dense1.bias']!.data[0]).toBeCloseTo(slope, 6)
})

test('a network is not trained through a threshold unit, but computes with one', async () => {
  const net = await network([2], [dense({ units: 2, activation: 'step', name: 'gate' }), dense({ units: 1 })])
  const data = await datasets.fromArrays([[0, 1]], [[1]])
  await expect(net.fit(data)).rejects.toThrow('gate (step) cannot be trained through')
  await expect(net.gradients(data)).rejects.toMatchObject({ code: 'option' })
  expect((await net.evaluate(data, { loss: 'meanSquaredError' })).samples).toBe(1)
  // In front of all weights it stops nothing.
  const front = await network([2], [activation('sign'), dense({ units: 1 })])
  await front.fit(data, { epochs: 2 })
})

test.each([
  ['thanh', 'must be one of identity, step'],
  [{ leakyRelu: { slope: 'x' } }, 'slope must be a number'],
  [{ leakyrelu: {} }, 'must be a name, or made by'],
  [{ elu: { alfa: 1 } }, 'no option "alfa"'],
  [null, 'must be one of'],
])('%j is no activation', (kind, why) => {
  expect(() => activation(kind as never)).toThrow(why)
})
