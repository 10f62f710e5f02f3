// Targets scaled and scaled back: river #334, scikit-learn #9041 (TransformedTargetRegressor), ml5 #596 (targets all the same).
import { datasets, dense, loadNetwork, network, sgd, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'

const { scaling } = datasets
const x = Array.from({ length: 40 }, (_, i) => [i / 20 - 1])
const prices = x.map(([a], i) => [250_000 + 100_000 * a! + 1000 * (i % 3), 7])

test('the scaling of a data set’s targets equals that of the targets alone', async () => {
  const data = await datasets.fromArrays(x, prices)
  const own = await scaling.standard(data, { targets: true })
  expect(own).toEqual(await scaling.standard(prices))
  expect(own.deviation[1]).toBe(1)
  expect(own.mean[1]).toBe(7)
  expect(await scaling.minMax(data, { targets: true })).toEqual(await scaling.minMax(prices))
  const part = await data.subset([0, 39])
  expect((await scaling.minMax(part, { targets: true })).mean[0]).toBe(150_000)
})

test('the scaling of inputs is unchanged: floats, bytes as value / 255, channels', async () => {
  const bytes = { data: Uint8Array.from([0, 51, 102, 255, 0, 0, 255, 255]), shape: [2, 2, 1, 2] }
  const { mean, deviation } = await scaling.minMax(await datasets.fromArrays(bytes))
  expect(mean).toEqual([0, Math.fround(102 * Math.fround(1 / 255))])
  expect(deviation[0]).toBeCloseTo(0.2, 7)
})

test.each([
  [
    'class numbers',
    () =>
      datasets.fromArrays(
        x,
        x.map((_, i) => i % 2),
      ),
    'its targets are class numbers',
  ],
  ['no targets', () => datasets.fromArrays(x), 'it has no targets'],
])('for %s there is none', async (_, data, why) => {
  await expect(scaling.standard(await data(), { targets: true })).rejects.toMatchObject({
    code: 'data',
    message: expect.stringContaining(why),
  })
})

test('unknown options are refused', async () => {
  await expect(scaling.standard(x, { targets: true })).rejects.toThrow('give the targets themselves')
  await expect(scaling.standard(x, { target: true } as never)).rejects.toThrow('has no option "target"')
  expect(() => standardize({ mean: 0, deviation: 1, invert: 1 as never })).toThrow(
    'invert must be true or false',
  )
})

describe('a last layer that scales back', () => {
  const priced = async () => {
    const data = await datasets.fromArrays(x, prices)
    const back = standardize({ ...(await scaling.standard(data, { targets: true })), invert: true })
    const net = await network([1], [dense({ units: 2 }), back], { seed: 1 })
    return { net, data }
  }

  test('undoes standardize', async () => {
    const { mean, deviation } = await scaling.standard(prices)
    const there = standardize({ mean, deviation })
    const net = await network([2], [there, standardize({ mean, deviation, invert: true })])
    const back = (await net.predict(prices)).data
    prices.flat().forEach((price, i) => {
      expect(Math.abs(back[i]! - price)).toBeLessThanOrEqual(price * 2 ** -22)
    })
  })

  test('predicts in the targets’ units, alone and in a batch, saved and loaded', async () => {
    const { net, data } = await priced()
    await net.fit(data, { epochs: 300 })
    const { regression } = await net.evaluate(data, { metrics: 'regression' })
    expect(regression!.outputs[0]!.rmse).toBeLessThan(3000)
    const loaded = await loadNetwork(await net.toBytes())
    const answers = (await net.predict(x)).data
    expect((await loaded.predict(x)).data).toEqual(answers)
    expect((await net.predict(x[3]!)).data).toEqual(answers.slice(6, 8))
  })

  test('passes the gradient on, and normalizedSquaredError trains with plain sgd', async () => {
    const { net, data } = await priced()
    const check = await net.checkGradients(x, prices, { loss: 'normalizedSquaredError' })
    expect(check.ok).toBe(true)
    const options = {
      loss: 'normalizedSquaredError',
      optimizer: sgd({ learningRate: 0.1 }),
      epochs: 200,
    } as const
    const { warning } = await net.fit(data, options)
    expect(warning).toBeUndefined()
    expect((await net.evaluate(data, { loss: 'normalizedSquaredError' })).loss).toBeLessThan(0.01)
  })
})
