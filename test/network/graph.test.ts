// Networks that are not a simple chain: branches, merges, several inputs and outputs, shared layers.
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  datasets,
  dense,
  elementwise,
  flatten,
  globalAveragePool2d,
  loadNetwork,
  localResponseNorm,
  log,
  maxPool2d,
  multiply,
  network,
  reshape,
  sgd,
  shared,
  standardize,
  zeroPadding2d,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { quarters } from '../helpers/recipe'

/** A small residual network with every layer that accepts images. */
const residual = () =>
  network(
    [1, 12, 12],
    [
      standardize({ mean: [0.2], deviation: [0.3] }),
      conv2d({ filters: 6, kernel: 3, padding: 'same', bias: false }),
      batchNorm({ name: 'stem' }),
      activation('relu', { name: 'start' }),
      conv2d({
        filters: 6,
        kernel: 3,
        padding: [
          [2, 0],
          [1, 1],
        ],
        groups: 'depthwise',
        dilation: [1, 1],
      }),
      localResponseNorm({ size: 3, name: 'branch' }),
      add({ from: ['branch', 'start'], name: 'sum' }),
      globalAveragePool2d(),
      dense({ units: 6, activation: 'sigmoid', name: 'gate' }),
      multiply({ from: ['sum', 'gate'] }),
      zeroPadding2d({ padding: 1 }),
      maxPool2d({ kernel: 3, stride: 2, ceilMode: true, name: 'big' }),
      averagePool2d({ kernel: 3, stride: 1, padding: 1, countPadding: true, name: 'soft' }),
      flatten({ from: 'soft', name: 'places' }),
      globalAveragePool2d({ from: 'big', name: 'means' }),
      concat({ from: ['places', 'means'] }),
      dense({ units: 4, activation: 'softmax' }),
    ],
    { seed: 1 },
  )

test('a residual network learns, and is unchanged after saving and loading', async () => {
  const { x, t } = quarters(512)
  const data = await datasets.fromArrays({ data: x, shape: [512, 1, 12, 12] }, t)
  const net = await residual()
  await net.fit(data, { epochs: 8, batchSize: 32, optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }) })
  const { accuracy, loss } = await net.evaluate(data)
  expect(accuracy).toBeGreaterThan(0.9)
  const weights = await net.weights()
  expect(weights['stem.running_mean']!.shape).toEqual([6])
  expect(weights['stem.running_var']!.data.every((v) => v > 0 && v !== 1)).toBe(true)
  expect(net.parameters).toBe(54 + 12 + 60 + 42 + 4 * (6 * 49 + 6 + 1))
  const again = await loadNetwork(await net.toBytes())
  expect((await again.evaluate(data)).loss).toBe(loss)
  expect(net.summary()).toContain('branch, start')
})

test('gradients exclude running statistics, weights include them', async () => {
  const net = await network([2], [batchNorm(), dense({ units: 1 })])
  const { gradients } = await net.gradients(
    [
      [1, 2],
      [3, 5],
    ],
    [[0], [1]],
  )
  expect(Object.keys(gradients)).toEqual(['norm1.weight', 'norm1.bias', 'dense1.weight', 'dense1.bias'])
  const { 'norm1.running_mean': mean } = await net.weights()
  expect(mean!.data[0]).toBeCloseTo(0.2)
  expect(mean!.data[1]).toBeCloseTo(0.35)
  await net.update(gradients)
})

test('a product with NaN is NaN, and so is infinity times zero', async () => {
  const logs = activation(
    elementwise((x) => log(x)),
    { name: 'logs' },
  )
  const net = await network([3], [logs, multiply({ from: ['logs', 'input'] })])
  const { data } = await net.predict([[-1, 0, Math.E]])
  expect([...data].map((y) => y.toFixed(3))).toEqual(['NaN', 'NaN', '2.718'])
  net.dispose()
})

describe('several inputs and outputs', () => {
  const make = () =>
    network(
      { image: [1, 2, 2], age: [1] },
      [
        conv2d({ filters: 2, kernel: 2, from: 'image' }),
        flatten({ name: 'seen' }),
        concat({ from: ['seen', 'age'] }),
        dense({ units: 6, activation: 'tanh', name: 'trunk' }),
        dense({ units: 3, activation: 'softmax', name: 'kind' }),
        dense({ units: 1, from: 'trunk', name: 'price' }),
      ],
      { outputs: ['kind', 'price'], seed: 2 },
    )
  const image = { data: Uint8Array.from([0, 51, 102, 255, 255, 0, 0, 51]), shape: [2, 1, 2, 2] }
  const age = [[0.5], [-1]]
  const kind = [
    [0, 1, 0],
    [0, 0, 1],
  ]

  test('are given by name, in fit, evaluate and predictAll', async () => {
    const net = await make()
    const data = await datasets.fromArrays({ image, age }, { kind, price: [0.25, -0.5] })
    expect(data.inputs).toEqual([
      ['image', [1, 2, 2]],
      ['age', [1]],
    ])
    const loss = { kind: 'crossEntropy', price: 'meanSquaredError' } as const
    const before = await net.evaluate(data, { loss })
    await net.fit(data, { epochs: 200, batchSize: 2, loss, optimizer: sgd({ learningRate: 0.1 }) })
    expect((await net.evaluate(data, { loss })).loss).toBeLessThan(before.loss / 10)
    const all = await net.predictAll(data)
    expect(all.kind!.shape).toEqual([2, 3])
    expect(all.price!.data[0]).toBeCloseTo(0.25, 1)
    const one = await net.predictAll({
      image: { data: image.data.slice(0, 4), shape: [1, 2, 2] },
      age: [0.5],
    })
    expect(one.price!.shape).toEqual([1])
    expect(one.kind!.data).toEqual(all.kind!.data.slice(0, 3))
    // By default the loss of each output follows from its activation.
    expect((await net.evaluate(data)).loss).toBe((await net.evaluate(data, { loss })).loss)
  })

  test('that do not fit are named in the error', async () => {
    const net = await make()
    await expect(net.predict({ image, age })).rejects.toThrow('kind, price: use predictAll')
    await expect(net.predictAll({ image })).rejects.toThrow('"age" is missing')
    await expect(net.predictAll({ image, age, extra: age })).rejects.toThrow('too many')
    await expect(net.predictAll(age)).rejects.toThrow('several inputs')
    const wrong = await datasets.fromArrays({ picture: image, age }, { kind, price: [1, 2] })
    await expect(net.evaluate(wrong)).rejects.toThrow('"image" is missing')
    await expect(net.fit(wrong)).rejects.toThrow('"image" is missing')
    const data = await datasets.fromArrays({ image, age }, { kind, price: [1, 2] })
    await expect(net.evaluate(data, { loss: { kind: 'crossEntropy' } })).rejects.toThrow(
      'no entry for the output "price"',
    )
    await expect(net.evaluate(data, { loss: { best: 'crossEntropy' } })).rejects.toThrow(
      '"best", which is not an output',
    )
    await expect(datasets.fromArrays({ image, age: [[1]] })).rejects.toThrow('all need as many')
  })
})

test('shared layers are one set of weights', async () => {
  const net = await network({ left: [3], right: [3] }, [
    dense({ units: 2, activation: 'tanh', name: 'tower', from: 'left' }),
    shared('tower', { from: 'right', name: 'twin' }),
    concat({ from: ['tower', 'twin'] }),
    dense({ units: 1 }),
  ])
  expect(net.parameters).toBe(8 + 5)
  const all = await net.activations({ left: [1, 2, 3], right: [1, 2, 3] })
  expect(all.tower!.data).toEqual(all.twin!.data)
})

test('reshape works in both directions', async () => {
  const net = await network([12], [reshape([3, 2, 2]), conv2d({ filters: 3, kernel: 1 }), reshape([12])])
  expect((await net.predict([Array(12).fill(1)])).shape).toEqual([1, 12])
})

describe('an invalid graph is refused with the reason', () => {
  const a = () => dense({ units: 2, name: 'a' })
  test.each([
    [() => network([2], [a(), dense({ units: 2, from: 'b' })]), 'from names "b"'],
    [() => network([2], [a(), dense({ units: 2, name: 'a' })]), 'names must differ'],
    [() => network([2], [a(), dense({ units: 2, from: 'input' })]), 'nothing reads "a"'],
    [() => network([2], [a(), add({ from: ['a', 'input', 'gone'] })]), 'from names "gone"'],
    [() => network([3], [a(), add({ from: ['a', 'input'] })]), 'adds values of one shape'],
    [() => network([3], [a(), multiply({ from: ['a', 'input'] })]), 'multiplies values of one shape'],
    [
      () => network([2, 3, 3], [flatten(), dense({ units: 3 }), multiply({ from: ['input', 'dense1'] })]),
      'factor [C]',
    ],
    [() => network([2], [a(), multiply({ from: ['a'] })]), 'needs from: [ … ]'],
    [() => network([2], [a(), shared('z')]), 'of names "z"'],
    [() => network([3], [a(), shared('a')]), 'needs "a.weight" to be [2, 2]'],
    [() => network([2], [a()], { outputs: ['b'] }), 'outputs names "b"'],
    [() => network([2], [a()], { outputs: [] }), 'at least one output'],
    [() => network({ x: [2], y: [2] }, [a()]), 'name the input that it reads by from'],
    [() => network({ x: [2], y: [2] }, [dense({ units: 2, from: 'x' })]), 'nothing reads "y"'],
    [() => network([4, 4, 4], [conv2d({ filters: 4, kernel: 3, groups: 3 })]), 'groups 3 must divide'],
    [() => network([1, 4, 4], [maxPool2d({ kernel: 2, padding: 2 })]), 'smaller than the kernel'],
    [() => network([4], [reshape([1, 2, 3])]), 'as many values as its input'],
    [() => network([3, 2, 2], [standardize({ mean: [1, 2], deviation: 1 })]), '3 numbers each'],
    [
      () => network([2], [dense({ units: 2 }), dense({ units: 3, from: ['dense1', 'input'] })]),
      'reads one layer',
    ],
  ])('%#', async (make, why) => {
    await expect((async () => make())()).rejects.toThrow(why)
  })

  test('cross-entropy of a softmax that other layers read', async () => {
    const net = await network(
      [2],
      [dense({ units: 2, activation: 'softmax', name: 'p' }), dense({ units: 2 })],
      {
        outputs: ['p', 'dense2'],
      },
    )
    const data = await datasets.fromArrays([[1, 2]], [[0, 1, 0, 1]])
    await expect(net.evaluate(data)).rejects.toThrow('a layer of its own')
  })
})

test('a network of images accepts an image of a canvas', async () => {
  const net = await network([1, 2, 2], [flatten()])
  const image = { data: new Uint8ClampedArray(64).fill(255), width: 4, height: 4 }
  expect((await net.predict(image)).toArray()).toEqual([1, 1, 1, 1])
  const flat = await network([4], [dense({ units: 1 })])
  await expect(flat.predict(image)).rejects.toThrow('takes an image')
})
