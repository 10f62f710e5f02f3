// Values of the activations, and activations that cannot be trained through.
import {
  type Activation,
  activation,
  collapse,
  conv2d,
  datasets,
  dense,
  describeActivation,
  dropout,
  elementwise,
  elu,
  erf,
  flatten,
  leakyRelu,
  loadNetwork,
  loss,
  network,
  sgd,
  softplus,
} from 'hebb'
import { describe, expect, test } from 'vitest'

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

test('gelu is x·Φ(x), with erf', async () => {
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

test('logSoftmax is the logarithm of softmax, and cross-entropy after it is the same', async () => {
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
])('at 0 %j has the left-hand slope', async (kind, slope) => {
  const net = await network([1], [dense({ units: 1, activation: kind })], { seed: 1 })
  const { gradients } = await net.gradients([[0]], [[0]], { loss: loss((output) => output) })
  expect(gradients['dense1.bias']!.data[0]).toBeCloseTo(slope, 6)
})

test('a network cannot be trained through a threshold unit, but can predict with one', async () => {
  const net = await network([2], [dense({ units: 2, activation: 'step', name: 'gate' }), dense({ units: 1 })])
  const data = await datasets.fromArrays([[0, 1]], [[1]])
  await expect(net.fit(data)).rejects.toThrow('gate (step) cannot be trained through')
  await expect(net.gradients(data)).rejects.toMatchObject({ code: 'option' })
  expect((await net.evaluate(data, { loss: 'meanSquaredError' })).samples).toBe(1)
  // Before all weights it blocks no gradient.
  const front = await network([2], [activation('sign'), dense({ units: 1 })])
  await front.fit(data, { epochs: 2 })
})

test.each([
  ['thanh', 'must be one of identity, step'],
  [{ leakyRelu: { slope: 'x' } }, 'slope must be a number'],
  [{ leakyrelu: {} }, 'must be a name, or made by'],
  [{ elu: { alfa: 1 } }, 'no option "alfa"'],
  [null, 'must be one of'],
])('%j is refused', (kind, why) => {
  expect(() => activation(kind as never)).toThrow(why)
})

describe('properties of an activation', () => {
  const kinds: Activation[] = [
    'identity',
    'step',
    'sign',
    'sigmoid',
    'hardSigmoid',
    'tanh',
    'lecunTanh',
    'relu',
    leakyRelu({ slope: 0.3 }),
    leakyRelu({ slope: -2 }),
    elu(),
    elu({ alpha: 1.5 }),
    elu({ alpha: -0.5 }),
    'selu',
    'gelu',
    'silu',
    'mish',
    'softplus',
    'softsign',
    'gaussian',
  ]
  const places = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100)

  test.each(kinds)('%j: values, derivatives, range, bound, kinks', async (kind) => {
    const facts = await describeActivation(kind, places)
    const { value, kinks } = facts
    const [least, largest] = facts.range!
    const slopes = facts.derivative!
    expect(Math.min(...value)).toBeGreaterThanOrEqual(least - 1e-6)
    expect(Math.max(...value)).toBeLessThanOrEqual(largest + 1e-6)
    // The range is tight.
    if (Number.isFinite(least)) expect(Math.min(...value)).toBeLessThan(least + 0.06)
    if (Number.isFinite(largest)) expect(Math.max(...value)).toBeGreaterThan(largest - 0.06)
    const steepest = Math.max(...slopes.map(Math.abs))
    expect(steepest).toBeLessThanOrEqual(facts.bound! * (1 + 1e-5))
    expect(steepest).toBeGreaterThanOrEqual(facts.bound! * 0.995)
    places.slice(1, -1).forEach((x, i) => {
      if (kinks!.some((kink) => Math.abs(x - kink) < 0.02)) return
      expect(Math.abs(slopes[i + 1]! - (value[i + 2]! - value[i]!) / 0.02)).toBeLessThan(0.011)
    })
    // At a kink the derivative jumps, or the function itself.
    for (const kink of kinks!) {
      const { value: [a, b] = [], derivative: [left, right] = [] } = await describeActivation(kind, [
        kink - 1e-3,
        kink + 1e-3,
      ])
      expect(Math.abs(left! - right!) + Math.abs(a! - b!)).toBeGreaterThan(0.1)
    }
  })

  test.each(kinds)('%j: finite at ±100', async (kind) => {
    const { value, derivative } = await describeActivation(kind, [-100, 100])
    expect([...value, ...derivative!].every(Number.isFinite)).toBe(true)
  })

  test('at several points at once, with trained slopes and of formulas', async () => {
    const soft = await describeActivation('softmax', [0, 0])
    expect(soft).toMatchObject({ range: [0, 1], bound: 0.25, kinks: [], derivative: undefined })
    expect(Array.from(soft.value)).toEqual([0.5, 0.5])
    expect(await describeActivation('logSoftmax')).toMatchObject({
      range: [Number.NEGATIVE_INFINITY, 0],
      value: new Float32Array(),
    })
    const own = await describeActivation(
      elementwise((x) => x.power(2)),
      [3],
    )
    expect(own).toEqual({
      range: undefined,
      bound: undefined,
      kinks: undefined,
      value: Float32Array.of(9),
      derivative: Float32Array.of(6),
    })
    const prelu = await describeActivation('prelu', [-2, 2])
    expect(prelu).toMatchObject({
      range: undefined,
      value: Float32Array.of(-0.5, 2),
      derivative: Float32Array.of(0.25, 1),
    })
    await expect(describeActivation('thanh' as never)).rejects.toThrow('must be one of identity')
  })
})

test('parametric ReLU: one slope per channel or feature, initially 0.25, trained and saved', async () => {
  const net = await network(
    [1, 3, 3],
    [
      conv2d({ filters: 2, kernel: 2, activation: 'prelu' }),
      flatten(),
      dense({ units: 3, activation: 'prelu' }),
    ],
    { seed: 1 },
  )
  const before = await net.weights()
  expect(before['conv1.slope']).toEqual({ data: Float32Array.of(0.25, 0.25), shape: [2] })
  expect(before['dense1.slope']!.shape).toEqual([3])
  const x = { data: Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)), shape: [4, 1, 3, 3] }
  const t = [0, 1, 2, 0].map((c) => [0, 1, 2].map((i) => (i === c ? 1 : 0)))
  expect(
    (await net.checkGradients(x, t)).layers.every(({ maxRelativeError }) => maxRelativeError < 0.01),
  ).toBe(true)
  const { layers } = await net.trace(x, t)
  expect(layers[0]).toHaveProperty('dEdslope')
  await net.fit(await datasets.fromArrays(x, t), { epochs: 5, optimizer: sgd({ learningRate: 0.1 }) })
  const after = await net.weights()
  expect(after['conv1.slope']!.data).not.toEqual(before['conv1.slope']!.data)
  const again = await loadNetwork(await net.toBytes())
  expect(await again.predict(x)).toEqual(await net.predict(x))
})

describe('collapse', () => {
  test('a deep network without activations is one matrix', async () => {
    const net = await network(
      [1, 2, 3],
      [
        flatten(),
        dense({ units: 7 }),
        dropout({ rate: 0.5 }),
        dense({ units: 4, bias: false }),
        dense({ units: 2 }),
      ],
      { seed: 3 },
    )
    const weights = await net.weights()
    weights['dense1.bias']!.data.set([1, -2, 0.5, 0, 3, 0.25, -1])
    weights['dense3.bias']!.data.set([0.5, -0.25])
    await net.setWeights(weights)
    const { weight, bias } = await collapse(net)
    expect([weight.shape, bias.shape]).toEqual([[2, 6], [2]])
    const one = await network([6], [dense({ units: 2 })])
    await one.setWeights({ 'dense1.weight': weight, 'dense1.bias': bias })
    const x = Array.from({ length: 20 }, (_, n) => Array.from({ length: 6 }, (_, i) => Math.sin(n * 6 + i)))
    const deep = await net.predict(x.map((row) => [[row.slice(0, 3), row.slice(3)]]))
    const flat = await one.predict(x)
    flat.data.forEach((y, i) => {
      expect(y).toBeCloseTo(deep.data[i]!, 5)
    })
  })

  test('one layer is unchanged', async () => {
    const net = await network([3], [dense({ units: 2 })], { seed: 1 })
    const weights = await net.weights()
    expect(await collapse(net)).toEqual({ weight: weights['dense1.weight'], bias: weights['dense1.bias'] })
  })

  test.each([
    [
      [dense({ units: 2 }), dense({ units: 2, activation: 'relu', name: 'bent' })],
      [3],
      'layer "bent" has the activation relu',
    ],
    [[conv2d({ filters: 1, kernel: 1 }), flatten()], [1, 2, 2], 'layer "conv1" is a conv2d'],
    [[flatten()], [3], 'there is no dense layer'],
    [
      [
        dense({ units: 3, name: 'a' }),
        { ...dense({ units: 3, name: 'b' }), from: 'input' },
        { type: 'add', from: ['a', 'b'] },
      ],
      [3],
      'layer "b" does not read the layer before alone',
    ],
  ])('%#: refused, with the layer', async (layers, input, why) => {
    const net = await network(input as [number], layers as never)
    await expect(collapse(net)).rejects.toThrow(why)
  })

  test('of anything else than a network', async () => {
    await expect(collapse({} as never)).rejects.toThrow('collapse takes a network')
  })
})
