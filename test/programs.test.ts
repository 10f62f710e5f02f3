// The first programs of a course, with default options only: each succeeds at once, compared with scikit-learn's results
// on the same data (test/fixtures/sklearn).
import { readFileSync } from 'node:fs'
import { crossEntropy, type Dataset, datasets, dense, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'
import sklearn from './fixtures/sklearn/programs.json'

const { sameEpochs, tenfold } = sklearn
const file = (path: string) => new URL(path, import.meta.url)
const data = (name: string) => file(`../packages/examples/data/${name}`)

/** Every fifth sample is a test sample. */
async function fifths(all: Dataset) {
  const numbers = Array.from({ length: all.samples }, (_, i) => i)
  const [train, test] = await Promise.all([
    all.subset(numbers.filter((i) => i % 5 !== 0)),
    all.subset(numbers.filter((i) => i % 5 === 0)),
  ])
  return { train, test }
}

/** Points distributed evenly over the square from −1 to 1. */
const points = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    [0.6180339887, 0.7548776662].map((step) => 2 * (((i + 1) * step) % 1) - 1),
  )

const rmse = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(Array.from(a).reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length)

const digits = readFileSync(file('fixtures/sklearn/digits.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [string, string])
const digitX = digits.map(([x]) => Array.from(x, (value) => Number.parseInt(value, 17) / 16))
const digitT = digits.map(([, t]) => Number(t))

const table = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const targets = [[0], [1], [1], [0]]

describe('XOR', () => {
  test('with four tanh units and Adam, as in every course', async () => {
    const xor = await datasets.fromArrays(table, targets)
    let solved = 0
    for (let seed = 0; seed < 10; seed++) {
      const layers = [dense({ units: 4, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })]
      const net = await network([2], layers, { seed })
      await net.fit(xor, { epochs: 500, optimizer: 'adam' })
      const y = (await net.predict(table)).data
      if (targets.every(([t], i) => Math.abs(y[i]! - t!) < 0.3)) solved++
    }
    expect(solved).toBe(10)
    expect(sameEpochs.xorSolved).toBeLessThan(1)
  })

  // CodingTrain/Toy-Neural-Network-JS #155, cazala/synaptic #224, lmjohns3/theanets #67: two outputs are stuck at ½.
  test.each([
    ['two layers of ten units', [10, 10], 'tanh'],
    ['eight ReLUs', [8], 'relu'],
    ['twenty sigmoids', [20], 'sigmoid'],
  ] as const)('by %s', async (_, units, activation) => {
    const xor = await datasets.fromArrays(table, targets)
    for (let seed = 0; seed < 5; seed++) {
      const hidden = units.map((units) => dense({ units, activation }))
      const net = await network([2], [...hidden, dense({ units: 1, activation: 'sigmoid' })], { seed })
      await net.fit(xor, { epochs: 1000 })
      expect(Array.from((await net.predict(table)).data, Math.round)).toEqual([0, 1, 1, 0])
    }
  })
})

test('iris, not scaled', async () => {
  const iris = await datasets.fromCsv(data('iris.csv'), { target: 'species' })
  const { train, test } = await fifths(iris.dataset)
  const net = await network(
    [4],
    [dense({ units: 16, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })],
  )
  await net.fit(train, { epochs: 100 })
  const { accuracy } = await net.evaluate(test)
  expect(accuracy).toBeGreaterThanOrEqual(0.96)
  expect(accuracy).toBeGreaterThan(sameEpochs.irisAccuracy)
})

test('digits of 8 × 8', async () => {
  const { train, test } = await fifths(await datasets.fromArrays(digitX, digitT))
  const net = await network(
    [64],
    [dense({ units: 32, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })],
  )
  await net.fit(train, { epochs: 30 })
  const { accuracy } = await net.evaluate(test)
  expect(accuracy).toBeGreaterThanOrEqual(tenfold.digitsAccuracy - 0.04)
  expect(accuracy).toBeGreaterThan(sameEpochs.digitsAccuracy)
})

describe('a regression with inputs from 8 to 5000: how far cars go', () => {
  const columns = ['cylinders', 'displacement', 'horsepower', 'weight', 'acceleration', 'year']
  const cars = () => datasets.fromCsv(data('cars.csv'), { target: 'mpg', columns })

  test('scaled, and the targets scaled and scaled back', async () => {
    const { train, test } = await fifths((await cars()).dataset)
    const { standard } = datasets.scaling
    const net = await network(
      [6],
      [
        standardize(await standard(train)),
        dense({ units: 32, activation: 'relu' }),
        dense({ units: 1 }),
        standardize({ ...(await standard(train, { targets: true })), invert: true }),
      ],
    )
    const { warning } = await net.fit(train, { epochs: 100 })
    const { regression } = await net.evaluate(test, { metrics: 'regression' })
    expect(warning).toBeUndefined()
    expect(regression!.r2).toBeGreaterThan(tenfold.carsR2)
  })

  test('unscaled, with a warning', async () => {
    const { train } = await fifths((await cars()).dataset)
    const net = await network([6], [dense({ units: 16, activation: 'tanh' }), dense({ units: 1 })])
    const { warning } = await net.fit(train, { epochs: 20 })
    expect(warning).toMatch(
      /no lower than that of a constant answer, 6\d.*standardize\(await datasets\.scaling/,
    )
    expect(sameEpochs.carsUnscaledR2).toBeLessThan(0)
  })
})

test('a sine', async () => {
  const x = Array.from({ length: 100 }, (_, i) => [(i / 99) * 2 * Math.PI - Math.PI])
  const t = x.map(([angle]) => [Math.sin(angle!)])
  const net = await network([1], [dense({ units: 16, activation: 'tanh' }), dense({ units: 1 })])
  await net.fit(await datasets.fromArrays(x, t), { epochs: 500 })
  const error = rmse((await net.predict(x)).data, t.flat())
  expect(error).toBeLessThan(0.05)
  expect(error).toBeLessThan(sameEpochs.sineRmse / 4)
})

test('a spiral', async () => {
  const x = Array.from({ length: 200 }, (_, i) => {
    const [radius, angle] = [(i >> 1) / 100, (3 * Math.PI * (i >> 1)) / 100 + Math.PI * (i % 2)]
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  const { train, test } = await fifths(
    await datasets.fromArrays(
      x,
      x.map((_, i) => i % 2),
    ),
  )
  const hidden = () => dense({ units: 32, activation: 'relu' })
  const net = await network([2], [hidden(), hidden(), dense({ units: 2, activation: 'softmax' })])
  await net.fit(train, { epochs: 300 })
  const { accuracy } = await net.evaluate(test)
  expect(accuracy).toBeGreaterThanOrEqual(tenfold.spiralAccuracy - 0.05)
})

test('an autoencoder of digits through 16 units', async () => {
  const { train, test } = await fifths(await datasets.fromArrays(digitX, digitX))
  const net = await network([64], [dense({ units: 16, activation: 'relu' }), dense({ units: 64 })])
  await net.fit(train, { epochs: 60 })
  const inputs = digitX.filter((_, i) => i % 5 === 0)
  const error = rmse((await net.predict(test)).data, inputs.flat())
  expect(error).toBeLessThan(tenfold.autoencoderRmse * 1.1)
})

test('class weights raise the recall of the rare class', async () => {
  const rare = points(400).map((_, i) => Number(i % 9 === 0))
  const x = points(400).map((point, i) => point.map((value) => value + 0.8 * rare[i]!))
  const { train, test } = await fifths(await datasets.fromArrays(x, rare))
  const recall = async (loss: ReturnType<typeof crossEntropy>) => {
    const net = await network([2], [dense({ units: 2, activation: 'softmax' })])
    await net.fit(train, { epochs: 100, loss })
    const { classification } = await net.evaluate(test, { loss, metrics: 'classification' })
    return classification!.classes[1]!.recall
  }
  // Nine of the test samples are rare: at most one more or fewer than logistic regression finds.
  expect(Math.abs((await recall(crossEntropy())) - sameEpochs.rareRecall)).toBeLessThan(0.12)
  const weighted = await recall(crossEntropy({ classWeights: [1, 8] }))
  expect(weighted).toBeGreaterThan(sameEpochs.rareRecallWeighted - 0.12)
})

test('several labels at once', async () => {
  const x = points(400)
  const t = x.map(([a, b]) => [a! > 0, b! > 0, a! * a! + b! * b! < 0.5].map(Number))
  const { train, test } = await fifths(await datasets.fromArrays(x, t))
  const net = await network(
    [2],
    [dense({ units: 16, activation: 'relu' }), dense({ units: 3, activation: 'sigmoid' })],
  )
  await net.fit(train, { epochs: 200 })
  const answers = (await net.predict(test)).data
  const rights = t
    .filter((_, i) => i % 5 === 0)
    .flat()
    .map((target, i) => Math.round(answers[i]!) === target)
  const right = rights.filter(Boolean).length / rights.length
  expect(right).toBeGreaterThan(tenfold.labelsRight - 0.03)
  expect(right).toBeGreaterThan(sameEpochs.labelsRight)
})
