// The perceptron, through the package.
import { datasets, type Perceptron, perceptron, shutdown } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv } from '../../packages/examples/csv'
import { refused } from '../helpers/refused'

afterAll(shutdown)

const PAIRS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const XOR = [0, 1, 1, 0]

const iris = readCsv('iris.csv').map(({ species, ...sizes }) => ({
  species: species!,
  sizes: Object.values(sizes).map(Number),
}))

describe('the perceptron', () => {
  test('learns OR with the steps computed by hand', async () => {
    const p = await perceptron({ inputs: 2 }).fit(PAIRS, [0, 1, 1, 1])
    expect([...p.weights, p.bias]).toEqual([1, 1, -1])
    expect([p.converged, p.reason, p.updates, p.accuracy]).toEqual([true, 'converged', 5, 1])
    expect(p.units[0]!.mistakes).toEqual([2, 2, 1, 0])
    const { weights, ...first } = p.units[0]!.history[0]!
    expect(first).toEqual({ epoch: 1, sample: 0, target: 0, net: 0, bias: -1 })
    expect([...weights]).toEqual([0, 0])
    // (R/γ)² is 27: the best plane is (2, 2, −1)/3 with a margin of 1/3, and R² is 3.
    expect(p.bound).toBeGreaterThanOrEqual(27)
    expect(p.bound).toBeLessThan(27.2)
    expect(await p.predict(PAIRS)).toEqual([0, 1, 1, 1])
    expect(await p.predict([1, 0])).toBe(1)
  })

  test('predicts with the values of its targets', async () => {
    const p = await perceptron({ inputs: 2, values: 'bipolar' }).fit(PAIRS, [-1, -1, -1, 1])
    expect(await p.predict(PAIRS)).toEqual([-1, -1, -1, 1])
    expect(await p.evaluate(PAIRS, [-1, -1, -1, -1])).toEqual({ accuracy: 0.75 })
  })

  test('learns any linearly separable set, with no more updates than the bound', async () => {
    // Random samples by a linear congruential generator: any separable set will do.
    let state = 7
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    for (let set = 0; set < 40; set++) {
      const inputs = 1 + Math.floor(random() * 5)
      const plane = Array.from({ length: inputs + 1 }, () => random() - 0.5)
      const net = (x: number[]) => x.reduce((sum, value, i) => sum + value * plane[i]!, plane[inputs]! * 0.3)
      const x = Array.from({ length: 50 }, () =>
        Array.from({ length: inputs }, () => 2 * random() - 1),
      ).filter((one) => Math.abs(net(one)) > 0.02)
      const t = x.map((one) => Number(net(one) > 0))
      if (new Set(t).size < 2) continue
      const p = await perceptron({ inputs }).fit(x, t, { epochs: 1e6, shuffle: set % 2 === 0, seed: set })
      expect(p.converged).toBe(true)
      expect(await p.predict(x)).toEqual(t)
      expect(p.updates).toBeLessThanOrEqual(p.bound!)
    }
  })

  test('separates setosa from the other irises', async () => {
    const t = iris.map(({ species }) => Number(species === 'setosa'))
    const p = await perceptron({ inputs: 4 }).fit(
      iris.map(({ sizes }) => sizes),
      t,
    )
    expect([p.converged, p.accuracy]).toEqual([true, 1])
    expect(p.updates).toBeLessThanOrEqual(p.bound!)
  })

  test('reports that it did not converge if no plane separates the samples', async () => {
    const xor = await perceptron({ inputs: 2 }).fit(PAIRS, XOR)
    expect([xor.converged, xor.reason, xor.bound]).toEqual([false, 'cycle', undefined])
    const pocket = await perceptron({ inputs: 2 }).fit(PAIRS, XOR, { variant: 'pocket', epochs: 100 })
    expect([pocket.converged, pocket.reason, pocket.accuracy]).toEqual([false, 'epochs', 0.75])

    const pair = iris.filter(({ species }) => species !== 'setosa')
    const x = pair.map(({ sizes }) => sizes)
    const t = pair.map(({ species }) => Number(species === 'virginica'))
    const least = { last: 0.5, pocket: 0.98, averaged: 0.96 }
    for (const variant of ['last', 'pocket', 'averaged'] as const) {
      const p = await perceptron({ inputs: 4 }).fit(x, t, { variant, epochs: 500, seed: 1 })
      expect([p.converged, p.reason, p.bound]).toEqual([false, 'epochs', undefined])
      expect(p.accuracy).toBeGreaterThanOrEqual(least[variant])
      expect(p.accuracy).toBeLessThan(1)
      expect(await p.evaluate(x, t)).toEqual({ accuracy: p.accuracy })
    }
  })

  test('has one unit per class, and accepts data sets', async () => {
    const { train, test } = await datasets.mnist()
    const part = await train.subset(Array.from({ length: 3000 }, (_, i) => i))
    const p = await perceptron({ inputs: 784, classes: 10 }).fit(part, {
      variant: 'averaged',
      epochs: 5,
      history: 0,
    })
    expect(p.units).toHaveLength(10)
    expect(p.units[0]!.weights).toHaveLength(784)
    expect((await p.evaluate(test)).accuracy).toBeGreaterThan(0.85)
    expect(await p.predict(await train.subset([0, 1, 2]))).toEqual([5, 0, 4])
    expect(() => p.weights).toThrow('10 units')
  })

  test('is deterministic for a seed', async () => {
    const x = iris.map(({ sizes }) => sizes)
    const t = iris.map(({ species }) => ['setosa', 'versicolor', 'virginica'].indexOf(species))
    const train = (seed: number) =>
      perceptron({ inputs: 4, classes: 3 }).fit(x, t, { variant: 'pocket', epochs: 50, seed })
    const all = (p: Perceptron) => p.units.map(({ weights, bias }) => [...weights, bias])
    expect(all(await train(1))).toEqual(all(await train(1)))
    expect(all(await train(1))).not.toEqual(all(await train(2)))
  })

  test('refuses invalid data, and keeps its weights', async () => {
    const p = await perceptron({ inputs: 2 }).fit(PAIRS, [0, 1, 1, 1])
    const rates = [0, -1, Number.NaN].map((learningRate) => () => p.fit(PAIRS, XOR, { learningRate }))
    await refused('option', 'learningRate must be a number, finite and above 0', ...rates)
    await refused('data', 'no sample is of class 0', () => p.fit(PAIRS, [1, 1, 1, 1]))
    await refused('data', "must be 0 or 1 with values 'binary', sample 1 has -1", () =>
      p.fit(PAIRS, [1, -1, 1, 1]),
    )
    await refused('data', 'there are no samples', () => p.fit([], []))
    await refused('data', 'sample 0 has NaN', () => p.fit([[Number.NaN, 1]], [0]))
    await refused('shape', '3 targets for 4 samples', () => p.fit(PAIRS, [1, 0, 1]))
    await refused('option', 'no option "lr": use "learningRate"', () =>
      // @ts-expect-error
      p.fit(PAIRS, XOR, { lr: 1 }),
    )
    const bipolar = perceptron({ inputs: 2, values: 'bipolar' })
    await refused(
      'data',
      '-1 or 1',
      () => bipolar.fit(PAIRS, [0, 1, 1, 1]),
      () => bipolar.fit(PAIRS, [-1, 1, 3, 1]),
    )
    const many = perceptron({ inputs: 2, classes: 1e9 })
    await refused('data', 'too few for 1000000000 classes', () => many.fit(PAIRS, [0, 1, 2, 3]))
    await refused('data', 'is not trained yet', () => perceptron({ inputs: 2 }).predict([1, 1]))
    expect([...p.weights, p.bias, p.updates]).toEqual([1, 1, -1, 5])
  })
})
