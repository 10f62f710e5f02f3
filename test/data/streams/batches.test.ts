// Minibatches of a data set, for custom training loops.
import {
  adam,
  batchNorm,
  crossEntropy,
  type DataBatchOptions,
  type Dataset,
  datasets,
  dense,
  dropout,
  network,
  sgd,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../helpers/recipe'

const count = 50
const bytes = {
  data: Uint8Array.from({ length: count * 4 }, (_, i) => (i * 37) % 256),
  shape: [count, 1, 2, 2],
}
const classes = Array.from({ length: count }, (_, i) => i % 3)
const floats = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
const values = floats.map(([a, b]) => [a! + b!, a! - b!])

test('a custom loop gives the same bits as fit', async () => {
  const data = await datasets.fromArrays(floats, classes)
  const layers = [
    dense({ units: 12, activation: 'tanh' }),
    dropout({ rate: 0.3 }),
    dense({ units: 3, activation: 'softmax' }),
  ] as const
  const [own, fitted] = [await network([2], layers, { seed: 2 }), await network([2], layers, { seed: 2 })]
  for (let epoch = 0; epoch < 4; epoch++) {
    for await (const { x, t } of datasets.batches(data, { batchSize: 16, seed: 7, epoch })) {
      const { gradients } = await own.gradients(x, t)
      await own.update(gradients, 'adam')
    }
  }
  await fitted.fit(data, { epochs: 4, batchSize: 16, seed: 7, optimizer: 'adam' })
  expect(await fingerprint(own)).toBe(await fingerprint(fitted))
  expect(own.optimizerState).toEqual({ type: 'adam', steps: 16 })
})

describe('a batch', () => {
  const all = async (data: Dataset, options: DataBatchOptions) => {
    const batches = []
    for await (const batch of datasets.batches(data, options)) batches.push(batch)
    return batches
  }

  test('has the data set’s original types: bytes and class numbers', async () => {
    const [first, second, ...more] = await all(await datasets.fromArrays(bytes, classes), {
      batchSize: 30,
      shuffle: false,
    })
    expect(more).toEqual([])
    expect(first!.x).toEqual({ data: bytes.data.slice(0, 120), shape: [30, 1, 2, 2] })
    expect(second!.x).toEqual({ data: bytes.data.slice(120), shape: [20, 1, 2, 2] })
    expect(first!.t).toEqual(Uint32Array.from(classes.slice(0, 30)))
  })

  test('has floats and values, from a subset', async () => {
    const part = await (await datasets.fromArrays(floats, values)).subset([4, 2, 40])
    const [batch] = await all(part, { shuffle: false })
    expect(batch).toEqual({
      x: { data: Float32Array.from([4, 2, 40].flatMap((i) => floats[i]!)), shape: [3, 2] },
      t: { data: Float32Array.from([4, 2, 40].flatMap((i) => values[i]!)), shape: [3, 2] },
    })
  })

  test('has no targets if there are none, and named inputs by name', async () => {
    const [batch] = await all(
      await datasets.fromArrays({
        a: [[1], [2]],
        b: [
          [3, 4],
          [5, 6],
        ],
      }),
      { shuffle: false },
    )
    const [a, b] = [
      { data: Float32Array.of(1, 2), shape: [2, 1] },
      { data: Float32Array.of(3, 4, 5, 6), shape: [2, 2] },
    ]
    expect(batch).toEqual({ x: { a, b } })
  })

  test('follows the order of seed and epoch, each sample once', async () => {
    const data = await datasets.fromArrays(
      floats,
      classes.map((_, i) => i),
    )
    const order = async (options: object) =>
      (await all(data, options)).flatMap(({ t }) => Array.from(t as Uint32Array))
    const orders = [{}, { seed: 1 }, { epoch: 1 }, { shuffle: false }].map(order)
    const seen = (await Promise.all(orders)).map((order) => order.join())
    expect(new Set(seen).size).toBe(4)
    for (const order of seen)
      expect(
        order
          .split(',')
          .map(Number)
          .sort((a, b) => a - b),
      ).toEqual(classes.map((_, i) => i))
    expect(
      await order({ order: (n: number) => Uint32Array.from({ length: n }, (_, i) => n - 1 - i) }),
    ).toEqual(classes.map((_, i) => count - 1 - i))
  })

  test('larger than the data set has all samples', async () => {
    expect((await all(await datasets.fromArrays(floats), { batchSize: 1000 }))[0]!.x.shape).toEqual([
      count,
      2,
    ])
  })

  test('refuses options of streams and invalid orders', async () => {
    const data = await datasets.fromArrays(floats)
    const said = (options: object) => all(data, options).catch((error) => error.message)
    expect(await said({ shuffleBuffer: 4 })).toContain('has no option "shuffleBuffer"')
    expect(await said({ batch_size: 4 })).toContain('use "batchSize"')
    expect(await said({ batchSize: 0 })).toContain('batchSize must be')
    expect(await said({ order: () => new Uint32Array(count) })).toContain('each once')
    data.dispose()
    expect(await said({})).toContain('disposed')
  })
})

test('weighted gradients of parts sum to the gradient of the whole; a remainder of one sample has no variance', async () => {
  const data = await datasets.fromArrays(floats, classes)
  const net = await network([2], [dense({ units: 3, activation: 'softmax' })], { seed: 1 })
  const whole = (await net.gradients(data)).gradients['dense1.weight']!.data
  const sum = new Float64Array(whole.length)
  for await (const { x, t } of datasets.batches(data, { batchSize: 16 })) {
    const { gradients } = await net.gradients(x, t, { loss: crossEntropy() })
    gradients['dense1.weight']!.data.forEach((g, i) => {
      sum[i]! += (g * x.shape[0]!) / count
    })
  }
  sum.forEach((value, i) => {
    expect(value).toBeCloseTo(whole[i]!, 5)
  })
  const normal = await network([2], [batchNorm(), dense({ units: 3, activation: 'softmax' })])
  const loop = async () => {
    for await (const { x, t } of datasets.batches(data, { batchSize: 7 })) {
      await normal.update((await normal.gradients(x, t)).gradients, sgd({ learningRate: 0.1 }))
    }
  }
  await expect(loop()).rejects.toThrow('a minibatch of one sample has no variance')
  expect(adam().learningRate).toBeUndefined()
})
