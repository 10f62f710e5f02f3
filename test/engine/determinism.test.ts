// The same seed gives bit-identical weights for any number of threads.
import { adam, datasets, dense, flatten, init, network, schedule, sgd, shutdown } from 'hebb'
import { expect, test } from 'vitest'
import { fingerprint, lenet5, quartersData, THREADS, trainBatches, trainRecipe } from '../helpers/recipe'

async function oneEpoch(threads: number, simd: 'simd128' | 'relaxed') {
  await init({ threads, simd })
  const { train } = await datasets.mnist()
  const some = await train.subset(Array.from({ length: 3000 }, (_, i) => i))
  const net = await lenet5()
  const { epochs } = await net.fit(some, {
    batchSize: 60,
    seed: 5,
    optimizer: sgd({ learningRate: schedule.cosine({ from: 0.04, warmup: 0.1 }), momentum: 0.9 }),
  })
  const all = { weights: await fingerprint(net), trained: epochs[0]!.loss, ...(await net.evaluate(some)) }
  await shutdown()
  return all
}

const simds = (await init()).simd === 'relaxed' ? (['simd128', 'relaxed'] as const) : (['simd128'] as const)
await shutdown()

test.each(simds)('any minibatch size gives the same weights on 1 to 33 threads (%s)', async (simd) => {
  let expected: Record<string, string> | undefined
  for (const threads of THREADS) {
    expect((await init({ threads, simd })).threads).toBe(threads)
    const weights = await trainBatches()
    expected ??= weights
    expect(weights, `${threads} threads`).toEqual(expected)
    await shutdown()
  }
})

test.each(simds)('LeNet-5 on MNIST gives the same weights with 1, 2 and 3 threads (%s)', async (simd) => {
  const one = await oneEpoch(1, simd)
  expect(one.accuracy).toBeGreaterThan(0.7)
  expect(await oneEpoch(2, simd)).toEqual(one)
  expect(await oneEpoch(3, simd)).toEqual(one)
})

test('so does training with every kind of layer and dropout', async () => {
  const results = []
  for (const threads of THREADS) {
    await init({ threads, simd: 'simd128' })
    results.push(await trainRecipe())
    await shutdown()
  }
  expect(results[0]!.accuracy).toBeGreaterThan(0.9)
  for (const other of results) expect(other).toEqual(results[0])
})

test('so do updates in slices: adam with accumulated gradients and clipping by norm', async () => {
  const results = []
  for (const threads of [1, 2, 3, 5, 8, 16, 33]) {
    await init({ threads })
    const net = await network(
      [1, 12, 12],
      [flatten(), dense({ units: 2000, activation: 'tanh' }), dense({ units: 4, activation: 'softmax' })],
      { seed: 1 },
    )
    expect(net.parameters).toBeGreaterThan(2 ** 18)
    const { epochs } = await net.fit(await quartersData(200), {
      epochs: 3,
      batchSize: 20,
      accumulate: 2,
      optimizer: adam({ learningRate: 1e-3, clip: { norm: 0.5 } }),
    })
    results.push({ weights: await fingerprint(net), norm: epochs[2]!.gradientNorm, loss: epochs[2]!.loss })
    await shutdown()
  }
  expect(results[0]!.loss).toBeLessThan(0.7)
  for (const other of results) expect(other).toEqual(results[0])
})

test('another seed gives other weights', async () => {
  const [a, b, c] = await Promise.all(
    [lenet5(1), lenet5(1), lenet5(2)].map(async (net) => fingerprint(await net)),
  )
  expect(b).toBe(a)
  expect(c).not.toBe(a)
})
