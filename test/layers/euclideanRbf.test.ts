import { crossEntropy, datasets, dense, euclideanRbf, network, sgd } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const CENTERS = [
  [1, -1],
  [0, 0.5],
  [-1, -1],
]
const distance = (x: readonly number[], c: readonly number[]) =>
  x.reduce((sum, value, i) => sum + (value - c[i]!) ** 2, 0)

test('−‖x − c‖², without parameters', async () => {
  const net = await network([2], [euclideanRbf({ centers: CENTERS })])
  expect(net.parameters).toBe(0)
  const samples = Array.from({ length: 21 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
  const { data, shape } = await net.predict(samples)
  expect(shape).toEqual([21, 3])
  for (const [i, x] of samples.entries()) {
    for (const [k, c] of CENTERS.entries()) expect(data[3 * i + k]).toBeCloseTo(-distance(x, c), 5)
  }
})

test('with softmax the nearest center is the class', async () => {
  const net = await network([2], [euclideanRbf({ centers: CENTERS, activation: 'softmax' })], {
    classes: ['right', 'middle', 'left'],
  })
  const [best] = await net.classify([0.9, -0.8])
  expect(best!.label).toBe('right')
  const e = CENTERS.map((c) => Math.exp(-distance([0.9, -0.8], c)))
  expect(best!.probability).toBeCloseTo(e[0]! / (e[0]! + e[1]! + e[2]!), 5)
})

test('the loss of LeNet-5: y + ln(e⁻ʲ + Σ e⁻ʸ), and its gradients', async () => {
  const j = 1.5
  const rbf = euclideanRbf({ centers: CENTERS, activation: 'softmax' })
  const net = await network([2], [dense({ units: 2, activation: 'lecunTanh' }), rbf], { seed: 2 })
  const x = [
    [0.3, -2],
    [1, 1],
    [0, 0.4],
  ]
  const data = await datasets.fromArrays(x, [2, 0, 1])
  const loss = crossEntropy({ rubbish: j })
  const hidden = (await net.activations(x)).dense1!
  const expected = [2, 0, 1].map((label, i) => {
    const y = CENTERS.map((c) => distance([hidden.data[2 * i]!, hidden.data[2 * i + 1]!], c))
    return y[label]! + Math.log(Math.exp(-j) + y.reduce((sum, y) => sum + Math.exp(-y), 0))
  })
  const { loss: own } = await net.evaluate(data, { loss })
  expect(own).toBeCloseTo(expected.reduce((a, b) => a + b) / 3, 5)
  expect((await net.checkGradients(data, undefined, { loss })).ok).toBe(true)
  // It punishes an answer near the right center less than one near none.
  const { loss: plain } = await net.evaluate(data)
  expect(own).toBeGreaterThan(plain)
  const { epochs } = await net.fit(data, { loss, epochs: 60, optimizer: sgd({ learningRate: 0.05 }) })
  expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss / 2)
})

test('an enormous j changes nothing, one far below makes rubbish of all', async () => {
  const net = await network([2], [euclideanRbf({ centers: CENTERS })])
  const data = await datasets.fromArrays([[1, -1]], [0])
  const loss = async (rubbish?: number) =>
    (await net.evaluate(data, { loss: crossEntropy(rubbish === undefined ? {} : { rubbish }) })).loss
  expect(await loss(1e30)).toBe(await loss())
  expect(await loss(-1000)).toBeCloseTo(1000, 2)
})

test('what does not fit is refused', async () => {
  const build = (centers: unknown, shape: readonly number[] = [2]) =>
    network(shape as never, [euclideanRbf({ centers: centers as never })] as never)
  await refused('shape', 'centers must be 2 lists of 2 numbers', () => build([[1, 2], [1]]))
  await refused('option', 'centers must be at least one list of numbers', () => build([]))
  await refused(
    'option',
    'euclideanRbf: centers must be a list of numbers for each unit',
    () => build(3),
    () => build([1, 2]),
  )
  await refused('option', 'euclideanRbf: centers must be a number, finite', () => build([[Number.NaN, 1]]))
  await refused('shape', 'put flatten() before it', () => build([[1]], [1, 1, 1]))
  await refused('option', 'crossEntropy: rubbish must be a number, finite', async () =>
    crossEntropy({ rubbish: Number.POSITIVE_INFINITY }),
  )
})
