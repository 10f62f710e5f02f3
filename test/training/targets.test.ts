// Targets that fit cannot learn are reported before the first step, and the weights are unchanged.
import { datasets, dense, type FitOptions, HebbError, type Input, network, perceptron } from 'hebb'
import { expect, test } from 'vitest'

const x = [[0], [1], [2], [3]]

/** The error of fit for targets, with a network of one layer. */
async function refused(activation: 'softmax' | 'sigmoid' | 'tanh', t: Input, options: FitOptions = {}) {
  const units = activation === 'softmax' ? 3 : 1
  const net = await network([1], [dense({ units, activation })], { seed: 1 })
  const before = await net.weights()
  const run = net.fit(await datasets.fromArrays(x, t), options)
  const error = (await run.then(undefined, (error) => error)) as HebbError
  expect(error).toBeInstanceOf(HebbError)
  expect(error.code).toBe('data')
  expect(await net.weights()).toEqual(before)
  return error.message
}

test.each<FitOptions>([{}, { optimizer: 'bfgs' }])('one class only, %j', async (options) => {
  const why = 'of class 1 (dense1): a classifier needs samples of at least two classes'
  expect(await refused('softmax', [1, 1, 1, 1], options)).toBe(`all 4 samples are ${why}`)
  expect(await refused('softmax', Array(4).fill([0, 1, 0]), options)).toBe(`all 4 samples are ${why}`)
  expect(await refused('sigmoid', [[1], [1], [1], [1]], options)).toBe(`all 4 samples are ${why}`)
  // Only the remaining training samples count.
  const kept = { ...options, selection: 0.75, seed: 2 }
  expect(await refused('softmax', [0, 1, 2, 1], kept)).toContain('all 1 samples are of class')
})

test.each<FitOptions>([
  { loss: 'sumSquaredError' },
  { loss: 'meanSquaredError', optimizer: 'lbfgs' },
  { loss: 'rootMeanSquaredError' },
  { loss: 'normalizedSquaredError', optimizer: 'adam' },
])('a target out of reach, %j', async (options) => {
  expect(await refused('sigmoid', [[0], [1], [1.25], [0.5]], options)).toBe(
    'sample 2: the target 1.25 of output 0 of dense1 (both from 0) is outside the range of sigmoid, 0 to 1: scale the targets into it, or leave the last layer linear',
  )
  expect(await refused('tanh', [[0], [1], [-1], [-1.5]], options)).toContain('sample 3: the target -1.5')
})

test('the ends of the range are reachable, and linear layers reach all values', async () => {
  const fit = async (activation: 'sigmoid' | 'identity', t: Input) => {
    const net = await network([1], [dense({ units: 1, activation })])
    return net.fit(await datasets.fromArrays(x, t), { loss: 'meanSquaredError' })
  }
  await fit('sigmoid', [[0], [1], [1], [0]])
  await fit('identity', [[-7], [1], [90], [0]])
})

test('a minibatch of a stream with such a target is not trained on', async () => {
  const net = await network([1], [dense({ units: 1, activation: 'sigmoid' })])
  const stream = [0.5, 0.5, 2].map((t) => ({ x: [1], t: [t] }))
  const options = { loss: 'meanSquaredError', batchSize: 3, shuffle: false } as const
  const before = await net.weights()
  await expect(net.fit(stream, options)).rejects.toThrow('sample 2: the target 2 of output 0')
  expect(await net.weights()).toEqual(before)
})

test('a class number that one of several outputs does not have', async () => {
  const head = (name: string, units: number) => dense({ units, activation: 'softmax', name, from: 'input' })
  const net = await network([1], [head('a', 2), head('b', 3)], { outputs: ['a', 'b'] })
  const data = await datasets.fromArrays(x, [0, 1, 2, 1])
  for (const wrong of [net.fit(data), net.evaluate(data), net.gradients(x, [0, 1, 2, 1])]) {
    await expect(wrong).rejects.toThrow(
      'class number 2 is out of range: the output "a" has classes 0 to 1 (sample 2)',
    )
  }
  await net.fit(await datasets.fromArrays(x, [0, 1, 0, 1]))
})

test('a perceptron of one class only', async () => {
  const error = await perceptron({ inputs: 1 })
    .fit(x, [1, 1, 1, 1])
    .then(undefined, (error) => error)
  expect([error.code, error.message]).toEqual([
    'data',
    'no sample is of class 0: a perceptron learns from samples of both classes',
  ])
})
