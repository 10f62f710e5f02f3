// Batch normalisation never gets a minibatch without a variance: pytorch #4534, fastai #1352, scvi-tools #3036.
import { batchNorm, conv2d, datasets, dense, flatten, network, schedule, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../helpers/recipe'

const x = Array.from({ length: 33 }, (_, i) => [i / 16 - 1, ((i * 7) % 33) / 16 - 1])
const t = x.map(([a, b]) => [a! - 2 * b!])
const samples = x.map((x, i) => ({ x, t: t[i]! }))
const normalized = () =>
  network([2], [dense({ units: 8, activation: 'tanh' }), batchNorm(), dense({ units: 1 })], { seed: 1 })
const NO_VARIANCE = 'a minibatch of one sample has no variance: give batches of 2 samples or more'

test('33 samples in batches of 32 are learnt as well as 32', async () => {
  const net = await normalized()
  const data = await datasets.fromArrays(x, t)
  await net.fit(data, {
    epochs: 300,
    batchSize: 32,
    seed: 1,
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
  })
  expect((await net.evaluate(data)).loss).toBeLessThan(0.05)
})

describe('the last sample joins the minibatch before it', () => {
  const counted = async (more: object) => {
    const net = await normalized()
    const seen: [batch: number, batches: number, samples: number][] = []
    await net.fit(await datasets.fromArrays(x, t), {
      ...more,
      onBatch: ({ batch, batches, samples }) => void seen.push([batch, batches, samples]),
    })
    return seen
  }

  test.each([
    [{ batchSize: 32 }, [[1, 1, 33]]],
    [
      { batchSize: 16 },
      [
        [1, 2, 16],
        [2, 2, 33],
      ],
    ],
    [
      { batchSize: 16, accumulate: 2 },
      [
        [1, 2, 16],
        [2, 2, 33],
      ],
    ],
    [
      { batchSize: 11 },
      [
        [1, 3, 11],
        [2, 3, 22],
        [3, 3, 33],
      ],
    ],
    [
      { batchSize: 31 },
      [
        [1, 2, 31],
        [2, 2, 33],
      ],
    ],
    [{ batchSize: 100 }, [[1, 1, 33]]],
  ])('of a data set, %o', async (options, seen) => {
    expect(await counted(options)).toEqual(seen)
  })

  test('and of a stream, to the same bits', async () => {
    for (const accumulate of [1, 2]) {
      const options = { epochs: 3, batchSize: 8, seed: 3, accumulate }
      const [held, streamed] = [await normalized(), await normalized()]
      await held.fit(await datasets.fromArrays(x, t), options)
      await streamed.fit(() => samples, { ...options, shuffleBuffer: 33 })
      expect(await fingerprint(streamed)).toBe(await fingerprint(held))
    }
  })

  test('with a schedule that has the true number of steps', async () => {
    const moments: (number | undefined)[] = []
    const rate = schedule.custom(({ steps }) => {
      moments.push(steps)
      return 0.01
    })
    await counted({ batchSize: 16, epochs: 3, optimizer: sgd({ learningRate: rate }) })
    expect(moments).toEqual([6, 6, 6, 6, 6, 6])
  })

  test('without batch normalisation it stays alone', async () => {
    const net = await network([2], [dense({ units: 1 })])
    const seen: number[] = []
    await net.fit(await datasets.fromArrays(x, t), {
      batchSize: 32,
      onBatch: ({ samples }) => void seen.push(samples),
    })
    expect(seen).toEqual([32, 33])
  })
})

test('an epoch with stepsPerEpoch ends even if the stream stalls after its last step', async () => {
  const net = await normalized()
  async function* endless() {
    for (;;) {
      yield* samples.slice(0, 32)
      // No more than two minibatches of 16 are needed.
      await new Promise(() => {})
    }
  }
  const { epochs } = await net.fit(endless, { batchSize: 16, stepsPerEpoch: 2, shuffle: false })
  expect(epochs).toHaveLength(1)
})

describe('a single flat sample is refused', () => {
  const refused = (work: PromiseLike<unknown>) =>
    expect(Promise.resolve(work)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringContaining(NO_VARIANCE),
    })

  test('as a batch size, as a data set, in a stream and in custom loops', async () => {
    const net = await normalized()
    const before = await fingerprint(net)
    const data = await datasets.fromArrays(x, t)
    await refused(net.fit(data, { batchSize: 1 }))
    await refused(net.fit(() => samples, { batchSize: 1 }))
    await refused(net.fit(await data.subset([5])))
    await refused(net.fit(() => samples.slice(0, 1)))
    await refused(net.gradients([x[0]!], [t[0]!]))
    await refused(net.trace([x[0]!], [t[0]!]))
    expect(await fingerprint(net)).toBe(before)
    expect(Number.isFinite((await net.predict(x[0]!)).data[0])).toBe(true)
  })

  test('a single image has a variance, and the last one still joins', async () => {
    const net = await network(
      [1, 4, 4],
      [conv2d({ filters: 2, kernel: 3 }), batchNorm(), flatten(), dense({ units: 1 })],
    )
    const images = { data: Float32Array.from({ length: 5 * 16 }, (_, i) => Math.sin(i)), shape: [5, 1, 4, 4] }
    const data = await datasets.fromArrays(images, [[1], [2], [3], [4], [5]])
    const seen: number[] = []
    const onBatch = ({ samples }: { samples: number }) => void seen.push(samples)
    await net.fit(data, { batchSize: 1, onBatch })
    await net.fit(data, { batchSize: 2, onBatch })
    expect(seen).toEqual([1, 2, 3, 4, 5, 2, 5])
  })
})
