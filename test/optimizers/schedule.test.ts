// Schedules and optimizers: their defaults, the ranges of their options, and tables of custom rates.
import {
  adadelta,
  adagrad,
  adam,
  adamw,
  bfgs,
  conjugateGradient,
  datasets,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  type Moment,
  nadam,
  rmsprop,
  schedule,
  sgd,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { oneWeight } from '../helpers/recipe'

describe('defaults', () => {
  const adamLike = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
  test.each([
    [sgd(), { type: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false, weightDecay: 0 }],
    [adam(), { type: 'adam', ...adamLike, amsgrad: false }],
    [adamw(), { type: 'adamw', ...adamLike, weightDecay: 0.01, amsgrad: false }],
    [nadam(), { type: 'nadam', ...adamLike, momentumDecay: 0.004 }],
    [
      rmsprop(),
      {
        type: 'rmsprop',
        learningRate: 0.01,
        rho: 0.99,
        momentum: 0,
        centered: false,
        epsilon: 1e-8,
        weightDecay: 0,
      },
    ],
    [
      adagrad(),
      { type: 'adagrad', learningRate: 0.01, initialAccumulator: 0, epsilon: 1e-10, weightDecay: 0 },
    ],
    [adadelta(), { type: 'adadelta', learningRate: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0 }],
    [gradientDescent(), { type: 'gradientDescent', learningRate: 'lineMinimized', lineSearch: 'brent' }],
    [conjugateGradient(), { type: 'conjugateGradient', formula: 'polakRibiere' }],
    [bfgs(), { type: 'bfgs' }],
    [lbfgs(), { type: 'lbfgs', memory: 10 }],
    [levenbergMarquardt(), { type: 'levenbergMarquardt', damping: 0.001 }],
  ])('of an optimizer: %j', (made, expected) => {
    expect(made).toMatchObject(expected)
  })

  test.each([
    [schedule.constant(0.1), { type: 'constant', value: 0.1 }],
    [schedule.cosine({ from: 0.1 }), { type: 'cosine', from: 0.1, to: 0, warmup: 0 }],
    [schedule.exponential({ from: 0.1, to: 0.01 }), { type: 'exponential', from: 0.1, to: 0.01, warmup: 0 }],
    [schedule.oneCycle({ peak: 1 }), { type: 'oneCycle', from: 0.04, peak: 1, to: 0.04 / 1e4, warmup: 0.3 }],
    [
      schedule.oneCycle({ peak: 1, from: 0.5, to: 0.1, warmup: 0.2 }),
      { type: 'oneCycle', from: 0.5, peak: 1, to: 0.1, warmup: 0.2 },
    ],
    [schedule.step({ from: 0.1, factor: 0.5 }), { type: 'step', from: 0.1, factor: 0.5, every: 1 }],
    [
      schedule.plateau({ from: 0.1 }),
      { type: 'plateau', from: 0.1, factor: 0.1, patience: 10, decrease: 1e-4, to: 0, warmup: 0 },
    ],
  ])('of a schedule: %j', (made, expected) => {
    expect(made).toEqual(expected)
  })
})

describe('invalid options', () => {
  test.each([
    () => adam({ learningRate: '0.1' as never }),
    () => adam({ learningRate: null as never }),
    () => adam({ learningRate: {} as never }),
    () => adam({ learningRate: Number.POSITIVE_INFINITY }),
    () => adam({ beta1: '0.9' as never }),
    () => adam({ beta1: Number.NaN }),
    () => adam({ amsgrad: 1 as never }),
    () => adam({ amsgrad: 'no' as never }),
    () => adam({ beta3: 0.9 } as never),
    () => sgd({ clip: {} as never }),
    () => sgd({ clip: null as never }),
    () => sgd({ clip: 1 as never }),
    () => sgd({ clip: { value: -1 } }),
    () => sgd({ clip: { value: 0 } }),
    () => sgd({ clip: { norm: Number.NaN } }),
    () => sgd({ clip: { value: 1, norm: 1 } as never }),
    () => gradientDescent({ learningRate: 0 }),
    () => gradientDescent({ learningRate: 'brent' as never }),
    () => gradientDescent({ learningRate: { from: 0, decay: 1 } }),
    () => gradientDescent({ learningRate: { from: 1, decay: -1 } }),
    () => gradientDescent({ lineSearch: 'newton' as never }),
    () => conjugateGradient({ formula: 'hestenes' as never }),
    () => bfgs({ memory: 3 } as never),
    () => lbfgs({ memory: 0 }),
    () => lbfgs({ memory: 1.5 }),
    () => levenbergMarquardt({ damping: 0 }),
    () => levenbergMarquardt({ damping: Number.NaN }),
    () => schedule.constant('0.1' as never),
    () => schedule.constant(0.1, { every: 2 } as never),
    () => schedule.cosine({ from: Number.NaN }),
    () => schedule.cosine({ from: 0.1, peak: 1 } as never),
    () => schedule.exponential({ from: 0.1, to: '0' as never }),
    () => schedule.oneCycle({ peak: Number.POSITIVE_INFINITY }),
    () => schedule.step({ from: 0.1, factor: null as never }),
    () => schedule.plateau({ from: 0.1, patience: '3' as never }),
    () => schedule.custom(0.1 as never),
    () => schedule.custom(() => 0.1, { warmup: Number.NaN }),
  ])('%#: %s', (make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'HebbError', code: 'option' }))
  })

  test.each([
    () => gradientDescent({ learningRate: { from: 1, decay: 0 } }),
    () => gradientDescent({ lineSearch: 'goldenSection' }),
    () => conjugateGradient({ formula: 'fletcherReeves' }),
    () => lbfgs({ memory: 1 }),
    () => sgd({ clip: { value: 1e-9 } }),
  ])('%#: %s is valid', (make) => {
    expect(make().type).toBeTypeOf('string')
  })
})

describe('custom rates become a table', () => {
  /** The calls of the function before a training of `epochs` epochs, of `perEpoch` steps each, was stopped. */
  async function asked(epochs: number, perEpoch: number, rate: (moment: Moment) => number = () => 0) {
    const told: Moment[] = []
    const x = Array.from({ length: perEpoch }, () => [0])
    const optimizer = sgd({
      learningRate: schedule.custom((moment) => {
        told.push(moment)
        return rate(moment)
      }),
    })
    const net = await oneWeight(1)
    const run = net.fit(await datasets.fromArrays(x, x), { epochs, batchSize: 1, optimizer })
    run.stop()
    await run
    return told
  }

  test('for every step, up to 65,536', async () => {
    const told = await asked(2 ** 14, 4)
    expect(told).toHaveLength(2 ** 16)
    expect(told.at(-1)).toEqual({
      step: 2 ** 16 - 1,
      steps: 2 ** 16,
      epoch: 2 ** 14 - 1,
      epochs: 2 ** 14,
      part: 1 - 2 ** -16,
    })
  })

  test('for every epoch, if there are more', async () => {
    const epochs = 2 ** 14 + 1
    const told = await asked(epochs, 4)
    expect(told).toHaveLength(epochs)
    expect(told.at(-1)).toEqual({
      step: 4 * (epochs - 1),
      steps: 4 * epochs,
      epoch: epochs - 1,
      epochs,
      part: (epochs - 1) / epochs,
    })
  })

  test('for 65,536 epochs at most', async () => {
    expect(await asked(2 ** 16, 2)).toHaveLength(2 ** 16)
    await expect(asked(2 ** 16 + 1, 2)).rejects.toMatchObject({ code: 'option' })
  })

  test('and the rates are checked', async () => {
    expect(await asked(2, 2, () => 0)).toHaveLength(4)
    for (const wrong of [-1e-9, Number.NaN, Number.POSITIVE_INFINITY, '0.1', undefined]) {
      await expect(asked(2, 2, () => wrong as number)).rejects.toMatchObject({ code: 'option' })
    }
  })
})
