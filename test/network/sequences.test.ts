// Samples of shape [T, features]: from the spec to predictions, training, files and streams.
import {
  activation,
  add,
  batchNorm,
  collapse,
  concat,
  conv2d,
  datasets,
  dense,
  dropout,
  flatten,
  gradientDescent,
  loadNetwork,
  network,
  reshape,
  sgd,
  standardize,
} from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const STEPS = 5
const SAMPLES = 37
const wave = (i: number) => Math.fround(Math.sin(0.37 * i * i + i))
/** Samples [T, 3], and targets [T, 2]: the sum and the difference of two of the values at the same step. */
const values = Float32Array.from({ length: SAMPLES * STEPS * 3 }, (_, i) => wave(i))
const x = { data: values, shape: [SAMPLES, STEPS, 3] }
const answers = Float32Array.from({ length: SAMPLES * STEPS * 2 }, (_, i) => {
  const at = Math.floor(i / 2) * 3
  return i % 2 === 0 ? values[at]! + values[at + 1]! : values[at]! - values[at + 2]!
})
const t = { data: answers, shape: [SAMPLES, STEPS, 2] }

const layers = [
  standardize({ mean: [0.1, -0.2, 0.3], deviation: [1, 0.5, 2], name: 'scaled' }),
  dense({ units: 6, activation: 'tanh', name: 'left' }),
  dense({ units: 6, activation: 'prelu', from: 'scaled', name: 'right' }),
  add({ from: ['left', 'right'], name: 'sum' }),
  concat({ from: ['sum', 'scaled'] }),
  dense({ units: 2 }),
] as const
const sequences = () => network([STEPS, 3], layers, { seed: 4 })

test('each time step has the answer that it has as a sample of its own', async () => {
  const [net, flat] = [await sequences(), await network([3], layers, { seed: 4 })]
  expect(await net.weights()).toEqual(await flat.weights())
  expect(net.description.input).toEqual([STEPS, 3])
  expect(net.summary()).toContain('[5, 9]')
  const all = await net.predict(x)
  expect(all.shape).toEqual([SAMPLES, STEPS, 2])
  const apart = await flat.predict({ data: values, shape: [SAMPLES * STEPS, 3] })
  expect(all.data).toEqual(apart.data)
  const last = values.slice(-STEPS * 3)
  const one = await net.predict({ data: last, shape: [STEPS, 3] })
  expect(one.shape).toEqual([STEPS, 2])
  expect(one.data).toEqual(all.data.slice(-STEPS * 2))
  const nested = Array.from({ length: STEPS }, (_, step) => Array.from(last.slice(3 * step, 3 * step + 3)))
  expect(await net.predict(nested)).toEqual(one)
  const { left, concat1 } = await net.activations(x)
  expect([left!.shape, concat1!.shape]).toEqual([
    [SAMPLES, STEPS, 6],
    [SAMPLES, STEPS, 9],
  ])
  const [own, sums] = [
    await net.gradients(x, t, { loss: 'sumSquaredError' }),
    await flat.gradients(
      { data: values, shape: [SAMPLES * STEPS, 3] },
      { data: answers, shape: [SAMPLES * STEPS, 2] },
      {
        loss: 'sumSquaredError',
      },
    ),
  ]
  expect(own.loss / sums.loss).toBeCloseTo(1, 6)
  for (const [name, { data, shape }] of Object.entries(own.gradients)) {
    expect(shape).toEqual(sums.gradients[name]!.shape)
    data.forEach((slope, i) => void expect(slope).toBeCloseTo(sums.gradients[name]!.data[i]!, 3))
  }
})

test('training, evaluation, traces and files', async () => {
  const net = await sequences()
  const data = await datasets.fromArrays(x, t)
  expect(data.shape).toEqual([STEPS, 3])
  const before = await net.evaluate(data)
  await net.fit(data, { epochs: 40, batchSize: 8, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) })
  const after = await net.evaluate(data, { metrics: 'regression' })
  expect(after.loss).toBeLessThan(before.loss / 20)
  expect(after.accuracy).toBeUndefined()
  const check = await net.checkGradients(x, t)
  expect(check.ok).toBe(true)
  const trace = await net.trace(x, t)
  expect(trace.layers.at(-1)!.delta.shape).toEqual([SAMPLES, STEPS, 2])
  const again = await loadNetwork(await net.toBytes())
  expect((await again.predict(x)).data).toEqual((await net.predict(data)).data)
  // A full-batch method, too.
  await net.fit(data, { epochs: 2, optimizer: gradientDescent() })
  expect((await net.evaluate(data)).loss).toBeLessThanOrEqual(after.loss)
})

test('a stream of sequences trains to the same weights as the data set', async () => {
  const rows = (all: Float32Array, of: number) =>
    Array.from({ length: STEPS }, (_, step) => Array.from(all.slice(step * of, (step + 1) * of)))
  const samples = Array.from({ length: SAMPLES }, (_, i) => ({
    x: rows(values.slice(i * STEPS * 3), 3),
    t: rows(answers.slice(i * STEPS * 2), 2),
  }))
  const options = { epochs: 2, batchSize: 8, shuffle: false, optimizer: sgd({ learningRate: 0.02 }) } as const
  const [held, streamed] = [await sequences(), await sequences()]
  await held.fit(await datasets.fromArrays(x, t), options)
  const { shuffle: _, ...rest } = options
  await streamed.fit(samples, { ...rest, shuffleBuffer: 1 } as never)
  expect(await streamed.weights()).toEqual(await held.weights())
})

test('scaling has a value for each feature, over all time steps', async () => {
  const steps = { data: values, shape: [SAMPLES * STEPS, 3] }
  expect(await datasets.scaling.minMax(x)).toEqual(await datasets.scaling.minMax(steps))
  const own = await datasets.scaling.standard(x)
  expect(own).toEqual(await datasets.scaling.standard(steps))
  const net = await network([STEPS, 3], [standardize(own)])
  const { mean } = await datasets.scaling.standard({ data: (await net.predict(x)).data, shape: x.shape })
  for (const one of mean) expect(one).toBeCloseTo(0, 6)
})

test('flat values become steps and steps flat values', async () => {
  const net = await network([6], [reshape([3, 2]), dense({ units: 4 }), dropout({ rate: 0.5 }), flatten()])
  expect((await net.predict([1, 2, 3, 4, 5, 6])).shape).toEqual([12])
  const classes = await network(
    [3, 2],
    [dense({ units: 4, activation: 'relu' }), flatten(), dense({ units: 2, activation: 'softmax' })],
  )
  const [best] = await classes.classify([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  expect(best!.probability).toBeGreaterThanOrEqual(0.5)
})

test('what cannot be done with time steps is refused', async () => {
  const made = (...layers: unknown[]) => network([5, 3], layers as never)
  await refused('shape', 'conv1: needs an input of shape [C, H, W], got [5, 3]', () =>
    made(conv2d({ filters: 2, kernel: 2 })),
  )
  await refused('shape', 'norm1: batchNorm normalises [features] or [C, H, W]', () => made(batchNorm()))
  await refused('shape', 'softmax needs [classes], or [T, classes] for each time step, got [3, 5, 1]', () =>
    made(reshape([3, 5, 1]), activation('softmax')),
  )
  await refused('shape', 'must be numbers or 3 numbers each', () =>
    made(standardize({ mean: [1, 2, 3, 4, 5], deviation: 1 })),
  )
  await refused('shape', 'as many time steps', () =>
    network({ a: [5, 3], b: [4, 3] }, [concat({ from: ['a', 'b'] })]),
  )
  await refused('shape', 'as many time steps', () =>
    network({ a: [5, 3], b: [3] }, [concat({ from: ['a', 'b'] })]),
  )
  await refused('shape', 'as many time steps', () =>
    network({ a: [3], b: [5, 3] }, [concat({ from: ['a', 'b'] })]),
  )
  await refused('shape', 'adds values of one shape', () =>
    network({ a: [5, 3], b: [3, 5] }, [add({ from: ['a', 'b'] })]),
  )
  await refused('shape', '[3, 7] must be [features], [T, features] or [C, H, W] of as many values', () =>
    made(reshape([3, 7])),
  )
  await refused('memory', 'GiB', () => network([2 ** 24, 2], [flatten()]))
  await refused('memory', 'GiB', () => network([2 ** 24, 1], [dense({ units: 1 })]))

  const net = await network([5, 3], [dense({ units: 2 }), activation('sigmoid')])
  const { shape } = x
  await refused('shape', 'the network expects samples of shape [5,3] or [N, 5,3], got [3,5]', () =>
    net.predict({ data: values.slice(0, 15), shape: [3, 5] }),
  )
  const classes = Int32Array.from({ length: SAMPLES }, (_, i) => i % 2)
  await refused(
    'shape',
    'each sample has 1 class number, the output "activation1" [5, 2] needs 5, one for each time step',
    async () =>
      net.fit(await datasets.fromArrays({ data: values, shape }, classes), {
        epochs: 1,
        loss: 'meanSquaredError',
      }),
  )
  await refused('shape', 'is a sequence [T, features] = [5, 2]: use predict', () =>
    net.classify({ data: values.slice(0, 15), shape: [5, 3] }),
  )
  const linear = await network([5, 3], [dense({ units: 2 })])
  await refused('data', 'sum to', () => linear.gradients(x, t, { loss: 'crossEntropy' }))
  await refused('option', 'layer "dense1" acts on each time step', () => collapse(linear))
})
