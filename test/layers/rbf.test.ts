import { adam, datasets, dense, loadNetwork, network, rbf } from 'hebb'
import { expect, test } from 'vitest'

/** exp(−‖x − c‖²/2σ²). */
function bell(x: readonly number[], center: readonly number[], width: number): number {
  const square = x.reduce((sum, value, i) => sum + (value - center[i]!) ** 2, 0)
  return Math.exp(-square / (2 * width ** 2))
}

const CENTERS = [
  [0, 0],
  [1, -1],
  [0.5, 2],
]
const WIDTHS = [0.5, 1, 3]

test('the formula, for one sample and for more than a block', async () => {
  const net = await network([2], [rbf({ units: 3, centers: CENTERS, widths: WIDTHS })])
  const samples = Array.from({ length: 34 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
  const y = await net.predict(samples)
  expect(y.shape).toEqual([34, 3])
  for (const [i, x] of samples.entries()) {
    const alone = await net.predict([x])
    for (const [k, center] of CENTERS.entries()) {
      expect(y.data[3 * i + k]).toBeCloseTo(bell(x, center, WIDTHS[k]!), 6)
      expect(alone.data[k]).toBe(y.data[3 * i + k])
    }
  }
})

test('each time step by itself', async () => {
  const net = await network([4, 2], [rbf({ units: 3, centers: CENTERS, widths: 2 })])
  const steps = [
    [0, 1],
    [2, 0],
    [-1, 0.5],
    [0, 0],
  ]
  const y = await net.predict([steps])
  expect(y.shape).toEqual([1, 4, 3])
  const expected = steps.flatMap((x) => CENTERS.map((center) => bell(x, center, 2)))
  for (const [i, value] of expected.entries()) expect(y.data[i]).toBeCloseTo(value, 6)
})

test('far from the origin nothing cancels', async () => {
  const net = await network([3], [rbf({ units: 1, centers: [[4000, 4000, 4000]], widths: 1 })])
  const [near] = (await net.predict([[4001, 4000, 4000.5]])).data
  expect(near).toBeCloseTo(Math.exp(-0.625), 6)
})

test('the default answers alike for any number of standardised features', async () => {
  for (const features of [1, 10, 500]) {
    const net = await network([features], [rbf({ units: 40 })], { seed: 1 })
    const { 'rbf1.centers': centers, 'rbf1.log_widths': widths } = await net.weights()
    expect(centers!.shape).toEqual([40, features])
    expect(widths!.data[7]).toBeCloseTo(Math.log(features) / 2, 6)
    const values = Array.from(centers!.data)
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
    expect(square).toBeGreaterThan(0.4)
    expect(square).toBeLessThan(1.6)
  }
})

test('gradients agree with finite differences', async () => {
  const layers = [rbf({ units: 3, centers: CENTERS, widths: WIDTHS }), dense({ units: 1 })] as const
  const net = await network([2], layers, { seed: 2 })
  const check = await net.checkGradients([[0.3, 0.4], [1, 2], [-1, 0]], [[1], [0], [2]]) // biome-ignore format: short
  expect(check.ok).toBe(true)
})

test('a width of almost 0, distances that overflow, and their gradients are finite', async () => {
  const centers = [[0, 0], [1, 1], [2, 2]] // biome-ignore format: short
  const net = await network([2], [rbf({ units: 3, centers, widths: [1e-38, 1, 1e38] }), dense({ units: 1 })])
  const samples = [[0, 0], [1e30, 1], [5, -1e25]] // biome-ignore format: short
  const { gradients, loss } = await net.gradients(samples, [[1], [2], [3]])
  expect(loss).toBeLessThan(1e3)
  for (const { data } of Object.values(gradients)) expect(data.every(Number.isFinite)).toBe(true)
})

test('the regularisation of all layers leaves the centers alone', async () => {
  const net = await network([1], [rbf({ units: 1, centers: [[3]], widths: 1 })])
  const far = { x: [[100]], t: [[0]] }
  const { gradients } = await net.gradients(far.x, far.t, { regularization: { l2: 1 } })
  expect(gradients['rbf1.centers']!.data[0]).toBe(0)
})

test('it learns where to stand, and is saved', async () => {
  const x = Array.from({ length: 64 }, (_, i) => [i / 16 - 2])
  const t = x.map(([x]) => [Math.exp(-8 * (x! - 0.7) ** 2) - Math.exp(-2 * (x! + 1) ** 2)])
  const data = await datasets.fromArrays(x, t)
  const net = await network([1], [rbf({ units: 8, widths: 0.5 }), dense({ units: 1 })], { seed: 3 })
  await net.fit(data, { epochs: 300, loss: 'meanSquaredError', optimizer: adam({ learningRate: 0.02 }) })
  const { loss } = await net.evaluate(data, { loss: 'meanSquaredError' })
  expect(loss).toBeLessThan(1e-3)
  const copy = await loadNetwork(await net.toBytes())
  expect((await copy.predict(x)).data).toEqual((await net.predict(x)).data)
})

test('wrong options are refused with what to do', async () => {
  const make = (options: object) => network([2], [rbf(options as never)])
  expect(() => rbf({ units: 2, centers: [[1]] })).toThrow(
    'rbf: centers must be a list of 2, one for each unit',
  )
  expect(() => rbf({ units: 2, widths: [1] })).toThrow('rbf: widths must be a list of 2, one for each unit')
  expect(() => rbf({ units: 1, widths: 0 })).toThrow('rbf: widths must be a number, above 0, got 0')
  expect(() => rbf({ units: 1, widths: [-1] })).toThrow('above 0, got -1')
  expect(() => rbf({ units: 1, centers: [[Number.NaN, 0]] })).toThrow(
    'centers must be a number, finite, got NaN',
  )
  expect(() => rbf({ units: 1, centers: [3] } as never)).toThrow('one list for each unit')
  await expect(make({ units: 1, centers: [[1, 2, 3]] })).rejects.toThrow(
    'rbf1: centers must be 1 lists of 2 numbers, one for each unit; there are 1 lists, the first of 3',
  )
  await expect(network([1, 2, 2], [rbf({ units: 1 })] as never)).rejects.toThrow(
    'rbf needs an input [features] or [T, features], got [1, 2, 2]; put flatten() before it',
  )
})
