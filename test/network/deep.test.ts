// Networks of thousands of layers: planning, training, saving and loading take about as much time per layer as in small
// networks. (Once each step took a minute with 4,000 layers; the limits below do not even allow that for all steps together.)
import {
  add,
  concat,
  datasets,
  dense,
  flatten,
  type Layer,
  loadNetwork,
  network,
  reshape,
  sgd,
  shared,
  standardize,
} from 'hebb'
import { describe, expect, test } from 'vitest'

const MANY = 4000
const build = (input: number[], layers: Layer[], options = {}) =>
  network(input as never, layers as never, options)
const repeat = (make: (i: number) => Layer | Layer[]) =>
  Array.from({ length: MANY }, (_, i) => make(i)).flat()

describe('many layers', { timeout: 60_000 }, () => {
  test('in a chain predict, train, save and load', async () => {
    const net = await build(
      [2],
      repeat(() => dense({ units: 2 })),
      { seed: 1 },
    )
    expect(net.parameters).toBe(6 * MANY)
    const weights = await net.weights()
    for (const { data, shape } of Object.values(weights)) {
      data.set(shape.length === 2 ? [0, 1, 1, 0] : [0, 0])
    }
    await net.setWeights(weights)
    expect((await net.predict([3, 5])).toArray()).toEqual([3, 5])
    const data = await datasets.fromArrays([[1, 2]], { data: Float32Array.of(1, 2), shape: [1, 2] })
    await net.fit(data, { optimizer: sgd({ learningRate: 0.1 }) })
    const again = await loadNetwork(await net.toBytes())
    expect((await again.predict([3, 5])).toArray()).toEqual([3, 5])
    expect(Object.keys(await again.activations([3, 5]))).toHaveLength(MANY)
    expect(net.summary().split('\n').length).toBeGreaterThan(MANY)
  })

  // keras#15596 and tfjs#621: deep graphs overflow the stack.
  test('that only change shapes, before an output', async () => {
    const layers = repeat((i) => (i % 2 ? flatten() : reshape([2, 1, 1])))
    const net = await build([2], [dense({ units: 2, activation: 'softmax' }), ...layers])
    expect((await net.evaluate(await datasets.fromArrays([[1, 2]], [1]))).loss).toBeGreaterThan(0)
  })

  test('that share one set of weights, with a residual connection over each', async () => {
    const zero = dense({ units: 2, name: 'first', initializer: 'zeros' })
    const layers = repeat((i) => [
      shared('first', { name: `s${i}`, from: i ? `a${i - 1}` : 'first' }),
      add({ name: `a${i}`, from: [`s${i}`, i ? `a${i - 1}` : 'first'] }),
    ])
    const net = await build([2], [zero, ...layers])
    expect(net.parameters).toBe(6)
    const ones = { data: Float32Array.of(1, 2), shape: [2] }
    const unit = { data: Float32Array.of(0, 0, 0, 0), shape: [2, 2] }
    await net.setWeights({ 'first.weight': unit, 'first.bias': ones })
    expect((await net.predict([7, 7])).toArray()).toEqual([MANY + 1, 2 * (MANY + 1)])
  })

  test('with as many outputs, and one layer that reads them all', async () => {
    const names = Array.from({ length: MANY }, (_, i) => `o${i}`)
    const heads = names.map((name, i) =>
      standardize({ name, mean: 0, deviation: 2 ** (i % 8), from: 'input' }),
    )
    const net = await build([1], heads, { outputs: names })
    const answers = await net.predictAll([256])
    expect(answers.o3!.toArray()).toEqual([32])
    const wide = await build([1], [...heads, concat({ from: names as never }), dense({ units: 1 })])
    expect(wide.parameters).toBe(MANY + 1)
  })

  test('with an error in the last one are refused as quickly', async () => {
    const good = repeat(() => dense({ units: 2 }))
    const refused = (layers: Layer[], why: string, options = {}) =>
      expect(build([2], layers, options)).rejects.toMatchObject({
        name: 'HebbError',
        code: 'option',
        message: expect.stringContaining(why),
      })
    await refused([...good, dense({ units: 1, name: 'dense7' })], 'two layers are called "dense7"')
    await refused([...good, dense({ units: 1, from: 'nowhere' as never })], 'from names "nowhere"')
    await refused([...good, shared('dense9999')], 'names "dense9999"')
    await refused([...good, dense({ units: 1, from: 'dense5' as never })], 'nothing reads "dense4000"')
    await refused(good, 'outputs names "dense4000"', { outputs: ['dense4000', 'dense4000'] })
  })
})
