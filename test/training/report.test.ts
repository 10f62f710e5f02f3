// Warnings of a history about the trained weights.
import { datasets, dense, loss, meanAbsoluteError, network, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'

const unit = (seed = 0) => network([1], [dense({ units: 1 })], { seed })
const line = (count: number, f: (x: number) => number = (x) => x + 2, from = 1) => {
  const x = Array.from({ length: count }, (_, i) => [i + from])
  return datasets.fromArrays(
    x,
    x.map(([x]) => [f(x!)]),
  )
}
const steep = { optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }), batchSize: 24 } as const

describe('a loss that ends far above its start', () => {
  // tensorflow #18493: y = x + 2 on 1…24, 385 → 4e46, reported as a success.
  test('of y = x + 2 on 1…24 gives a warning that names scaling', async () => {
    const { warning, stopReason, epochs } = await (await unit()).fit(await line(24), { ...steep, epochs: 20 })
    expect(stopReason).toBe('epochs')
    expect(epochs.at(-1)!.loss).toBeGreaterThan(10 * epochs[0]!.loss)
    expect(warning).toMatch(
      /^the loss, \d+, is far above its start, \d+\. Scale the inputs, as with standardize\(await/,
    )
  })

  test('does not occur with the defaults, which learn it', async () => {
    const net = await unit()
    const data = await line(24)
    expect((await net.fit(data, { epochs: 500 })).warning).toBeUndefined()
    expect((await net.evaluate(data)).loss).toBeLessThan(0.01)
  })

  // tensorflow #3148: 0…99 instead of random numbers; #12030: one outlier.
  test.each([
    ['0…99', 5e-4, () => line(100, (x) => 0.1 * x + 0.3, 0)],
    [
      'an outlier',
      0.01,
      () => datasets.fromArrays([[1], [2], [3], [4], [35]], [[0], [-1], [-2], [-3], [-34]]),
    ],
  ])('of %s, within one epoch and over several', async (_, learningRate, data) => {
    for (const epochs of [1, 8]) {
      const options = { epochs, batchSize: 100, optimizer: sgd({ learningRate }) }
      const { warning } = await (await unit()).fit(await data(), options)
      expect(warning).toMatch(/far above its start|no lower than that of a constant answer/)
    }
  })

  test('of a custom formula and of a stream, for which the best constant answer is unknown', async () => {
    const own = loss((output, target) => output.minus(target).power(2))
    const { warning } = await (await unit()).fit(await line(24), { ...steep, epochs: 10, loss: own })
    expect(warning).toContain('far above its start')
    const samples = Array.from({ length: 24 }, (_, i) => ({ x: [i + 1], t: [i + 3] }))
    const streamed = await (await unit()).fit(() => samples, { ...steep, epochs: 10 })
    expect(streamed.warning).toContain('far above its start')
    const good = await (await unit()).fit(() => samples, { epochs: 3, loss: meanAbsoluteError() })
    expect(good.warning).toBeUndefined()
  })
})

describe('a loss no lower than that of a constant answer', () => {
  test('gives a warning for each kind of loss, with the value for the constant answer', async () => {
    const x = [[0], [1], [2], [3]]
    const lame = { optimizer: sgd({ learningRate: 1e-12 }), epochs: 1 }
    const warned = async (
      activation: 'identity' | 'sigmoid' | 'softmax',
      loss: string,
      t: number[] | number[][],
    ) => {
      const net = await network(
        [1],
        [dense({ units: activation === 'softmax' ? 2 : 1, activation, initializer: 'zeros' })],
      )
      return (await net.fit(await datasets.fromArrays(x, t), { ...lame, loss: loss as 'hinge' })).warning
    }
    const values = [[-1], [1], [3], [5]]
    // The mean is 2, the variance 5.
    expect(await warned('identity', 'meanSquaredError', values)).toContain('constant answer, 5.')
    expect(await warned('identity', 'sumSquaredError', values)).toContain('constant answer, 10.')
    expect(await warned('identity', 'rootMeanSquaredError', values)).toContain('constant answer, 2.24.')
    expect(await warned('identity', 'normalizedSquaredError', values)).toContain('constant answer, 1.')
    expect(await warned('sigmoid', 'binaryCrossEntropy', [[0], [1], [1], [0]])).toContain(
      'constant answer, 0.693.',
    )
    expect(await warned('softmax', 'crossEntropy', [0, 1, 1, 0])).toContain('constant answer, 0.693.')
    expect(await warned('softmax', 'crossEntropy', [0, 1, 1, 1])).toContain('constant answer, 0.562.')
  })

  test('gives none if all targets are the same', async () => {
    const { warning } = await (await unit()).fit(await line(10, () => 3), { epochs: 1 })
    expect(warning).toBeUndefined()
  })

  test('is compared without the regularisation term', async () => {
    const net = await network([1], [dense({ units: 1 })], { seed: 1 })
    const options = { epochs: 400, regularization: { l2: 3 } } as const
    const { epochs, warning } = await net.fit(await line(24, (x) => x / 24), options)
    expect(epochs.at(-1)!.regularization).toBeGreaterThan(0)
    expect(warning === undefined).toBe(
      epochs.at(-1)!.loss - epochs.at(-1)!.regularization < 0.99 * (575 / 12 / 576),
    )
  })
})

test('a gradient that is not small gives no warning if the training ended by the number of epochs', async () => {
  const net = await unit()
  const until = { convergenceThreshold: 1e-12 }
  const { stopReason, warning, epochs } = await net.fit(await line(24), {
    optimizer: sgd({ learningRate: 1e-4 }),
    epochs: 3,
    until,
  })
  expect(stopReason).toBe('epochs')
  expect(epochs.at(-1)!.gradientLargest).toBeGreaterThan(1e-3 * epochs[0]!.gradientLargest!)
  expect(warning ?? '').not.toContain('the gradient is not small')
})

test('a checkpoint must be a path or a function, an optimizer not null', async () => {
  const net = await unit()
  const data = await line(4)
  await expect(net.fit(data, { checkpoint: 5 as never })).rejects.toThrow('checkpoint must be')
  await expect(net.fit(data, { optimizer: null as never })).rejects.toMatchObject({
    code: 'option',
    message: expect.stringContaining('optimizer must be'),
  })
})
