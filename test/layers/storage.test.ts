// Dense layers with weights in fewer bits.
import { datasets, dense, type Layer, loadNetwork, network, sgd, shared } from 'hebb'
import { loadWeights } from 'hebb/weights'
import { lenet5 } from 'hebb/zoo'
import { describe, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

type Storage = 'f16' | 'int8' | undefined
const both = test.each(['f16', 'int8'] as const)

const layers = (storage: Storage, last = 5): Layer[] => [
  dense({ name: 'a', units: 37, activation: 'relu', storage }),
  dense({ name: 'b', units: last, bias: false, storage }),
]
const values = (...shape: number[]) => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.7)),
  shape,
})

both('%s: a network is that with the rounded weights, to the bit', async (storage) => {
  for (const shape of [[29], [6, 29]] as [number, number][]) {
    const stored = await network(shape, layers(storage), { seed: 3 })
    const full = await network(shape, layers(undefined), { seed: 3 })
    const [drawn, rounded] = [await full.weights(), await stored.weights()]
    for (const [name, { data }] of Object.entries(drawn)) {
      const error = data.map((value, i) => Math.abs(value - rounded[name]!.data[i]!))
      const largest = Math.max(...data.map(Math.abs))
      expect(Math.max(...error)).toBeLessThanOrEqual(largest / (storage === 'f16' ? 2048 : 253))
      if (name.endsWith('weight')) expect(Math.max(...error)).toBeGreaterThan(0)
    }
    await full.setWeights(rounded)
    for (const samples of [1, 3, 40]) {
      const x = values(samples, ...shape)
      expect((await stored.predict(x)).data).toEqual((await full.predict(x)).data)
    }
    expect(stored.parameters).toBe(full.parameters)
    expect(stored.summary()).toBe(full.summary())
  }
})

both('%s: rounding what is rounded changes nothing: set, saved, loaded', async (storage) => {
  const net = await network([29], layers(storage), { seed: 3 })
  const weights = await net.weights()
  await net.setWeights(weights)
  expect(await net.weights()).toEqual(weights)
  const again = await loadNetwork(await net.toBytes())
  expect(await again.weights()).toEqual(weights)
  const x = values(2, 29)
  expect((await again.predict(x)).data).toEqual((await net.predict(x)).data)
  // One tensor of several.
  const [name, tensor] = Object.entries(weights).find(([name]) => name === 'b.weight')!
  await net.setWeights({ [name]: { ...tensor, data: tensor.data.fill(0) } }, { partial: true })
  expect((await net.predict(x)).data).toEqual(new Float32Array(10))
  expect((await net.weights())['a.weight']).toEqual(weights['a.weight'])
})

both('%s: a file of 32 bits is rounded while it is loaded', async (storage) => {
  // Rows that are longer than a piece, and pieces that are no whole number of rows.
  for (const [inputs, units] of [
    [300_000, 2],
    [1000, 600],
  ] as const) {
    const full = await network([inputs], [dense({ units })], { seed: 1 })
    const stored = await network([inputs], [dense({ units, storage })])
    await loadWeights(stored, await full.toBytes())
    const rounded = await network([inputs], [dense({ units, storage })])
    await rounded.setWeights(await full.weights())
    expect(await stored.weights()).toEqual(await rounded.weights())
  }
})

both('%s: weights that other layers share', async (storage) => {
  const make = (storage: Storage) =>
    network(
      { p: [9], q: [9] },
      [dense({ name: 'one', from: 'p', units: 4, storage }), shared('one', { name: 'other', from: 'q' })],
      { outputs: ['one', 'other'] },
    )
  const [stored, full] = [await make(storage), await make(undefined)]
  await full.setWeights(await stored.weights())
  const x = { p: values(3, 9), q: values(3, 9) }
  const [a, b] = [await stored.predictAll(x), await full.predictAll(x)]
  expect([a.one!.data, a.other!.data]).toEqual([b.one!.data, b.other!.data])
})

test('it is for inference: whatever needs a gradient is refused', async () => {
  const net = await network([29], layers('f16'), { seed: 3 })
  const data = await datasets.fromArrays(values(4, 29), values(4, 5))
  const text =
    'the weights "a.weight" are stored in fewer bits, for inference: train a network without `storage`'
  // One after another: a network is trained once at a time.
  for (const call of [
    () => net.fit(data, { optimizer: sgd() }),
    () => net.fit(data, { optimizer: 'lbfgs' }),
    () => net.gradients(data),
    () => net.trace(values(1, 29), values(1, 5), { optimizer: sgd() }),
    () => net.checkGradients(data),
  ])
    await refused('option', text, async () => call())
  expect((await net.evaluate(data)).loss).toBeGreaterThan(0)
})

test('what cannot be stored is refused', async () => {
  await refused('option', 'there is no storage "f8": it is f16 or int8', () =>
    network([2], [dense({ units: 1, storage: 'f8' as 'f16' })]),
  )
  const net = await network([2], [dense({ name: 'a', units: 1, storage: 'f16' })])
  const large = { 'a.weight': { data: Float32Array.of(1, 7e4), shape: [1, 2] } }
  await refused('data', 'the weights "a.weight" contain 70000, but f16 ends at 65504', () =>
    net.setWeights(large, { partial: true }),
  )
  const bytes = await network([2], [dense({ name: 'a', units: 1, storage: 'int8' })])
  await bytes.setWeights(large, { partial: true })
  expect(Array.from((await bytes.weights())['a.weight']!.data)).toEqual([0, 7e4])
})

describe('what it costs', () => {
  // docs/alexnet.md has these figures.
  test.each([
    ['f16', 0.995, 0],
    ['int8', 0.995, 0.0004],
  ] as const)('%s: LeNet-5 on 10,000 images', async (storage, expected, tolerance) => {
    const { test: images } = await datasets.mnist()
    const net = await lenet5({ weights: 'mnist' })
    const { spec } = net
    const small = await network(
      [1, 28, 28],
      spec.layers.map((layer) => (layer.type === 'dense' ? { ...layer, storage } : layer)) as Layer[],
    )
    await small.setWeights(await net.weights())
    const { accuracy } = await small.evaluate(images)
    expect(Math.abs(accuracy! - expected)).toBeLessThanOrEqual(tolerance + 1e-9)
  })
})
