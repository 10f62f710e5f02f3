// Measurements at the end of an epoch, and the arguments of a schedule.
import { datasets, dense, type FitOptions, type Moment, network, schedule, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'

const rows = (samples: number, width: number, factor: number) =>
  Array.from({ length: samples }, (_, n) =>
    Array.from({ length: width }, (_, i) => ((n * 7 + i * 3) % 11) * factor),
  )

async function setUp() {
  const net = await network([2], [dense({ units: 3, activation: 'tanh' }), dense({ units: 3 })], { seed: 1 })
  const data = await datasets.fromArrays(rows(40, 2, 0.1), rows(40, 3, 0.2))
  const selection = await datasets.fromArrays(rows(9, 2, 0.15), rows(9, 3, 0.1))
  return { net, data, selection }
}

describe('the selection loss', () => {
  test.each([
    { loss: 'sumSquaredError' },
    { loss: 'meanAbsoluteError' },
    { regularization: { l1: 0.1, l2: 0.2 } },
    { loss: 'sumSquaredError', regularization: { l1: 0.1 } },
    {},
  ] as const)('is that of evaluate with %j', async (options) => {
    const { net, data, selection } = await setUp()
    const { epochs } = await net.fit(data, { ...options, optimizer: sgd({ learningRate: 1e-3 }), selection })
    const { loss } = await net.evaluate(selection, options)
    expect(epochs[0]!.selectionLoss).toBe(loss)
  })

  test('is undefined without a selection set', async () => {
    const { net, data } = await setUp()
    const { epochs, bestEpoch } = await net.fit(data, { epochs: 2 })
    expect(epochs.map(({ selectionLoss, selectionAccuracy }) => [selectionLoss, selectionAccuracy])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
    expect(bestEpoch).toBeUndefined()
  })
})

describe('a custom schedule gets', () => {
  const moments = async (samples: number | (() => Iterable<unknown>), options: FitOptions) => {
    const { net } = await setUp()
    const told: Moment[] = []
    const rate = (moment: Moment) => {
      told.push(moment)
      return 0.001
    }
    const data =
      typeof samples === 'number'
        ? await datasets.fromArrays(rows(samples, 2, 0.1), rows(samples, 3, 0.1))
        : samples
    const optimizer = sgd({ learningRate: schedule.custom(rate) })
    await net.fit(data as never, { optimizer, shuffle: false, ...options })
    return told
  }

  test.each([
    [{ epochs: 3, batchSize: 10 }, 12],
    [{ epochs: 3, batchSize: 10, accumulate: 2 }, 6],
    [{ epochs: 2, batchSize: 12, accumulate: 3 }, 4],
    [{ epochs: 2, batchSize: 40 }, 2],
  ])('all steps of a data set: %j', async (options, steps) => {
    const told = await moments(40, options)
    expect(told.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i))
    expect(new Set(told.map((moment) => moment.steps))).toEqual(new Set([steps]))
    expect(new Set(told.map((moment) => moment.epochs))).toEqual(new Set([options.epochs]))
    const perEpoch = steps / options.epochs
    expect(told.map(({ epoch }) => epoch)).toEqual(told.map(({ step }) => Math.floor(step / perEpoch)))
    expect(told.map(({ part }) => part)).toEqual(told.map(({ step }) => step / steps))
  })

  test('the epochs of a stream with an unknown number of steps', async () => {
    const source = () => rows(20, 2, 0.1).map((x) => ({ x, t: [0, 0.1, 0.2] }))
    const told = await moments(source, { epochs: 3, batchSize: 5 })
    expect(told.map(({ epoch, epochs, steps }) => [epoch, epochs, steps])).toEqual([
      [0, 3, undefined],
      [1, 3, undefined],
      [2, 3, undefined],
    ])
  })

  test('all steps of a stream with stepsPerEpoch', async () => {
    const source = () => rows(20, 2, 0.1).map((x) => ({ x, t: [0, 0.1, 0.2] }))
    const told = await moments(source, { epochs: 2, batchSize: 5, stepsPerEpoch: 4, accumulate: 2 })
    expect(told.map(({ step, steps }) => [step, steps])).toEqual([
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
    ])
  })
})
