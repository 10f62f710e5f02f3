// The artifact with bounds checks: every buffer has memory of its own with guards after it, and every pointer into arenas,
// parameters and shared memory is checked; a fault is a trap. It computes the same results as the artifact without checks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adam, conv2d, datasets, dense, flatten, init, levenbergMarquardt, network, shutdown } from 'hebb'
import { afterEach, expect, test } from 'vitest'
import { quarters, quartersData, smallNetwork, THREADS, trainBatches, trainRecipe } from '../helpers/recipe'
import { root } from '../helpers/root'

const wasm = readFileSync(join(root, 'packages/hebb/wasm/simd128-checked/hebb_wasm_bg.wasm'))

afterEach(shutdown)

test('trainings stay within bounds on 1 to 33 threads, and give the same weights', async () => {
  await init({ simd: 'simd128' })
  const expected = [await trainBatches(), await trainRecipe()]
  await shutdown()
  for (const threads of THREADS) {
    await init({ wasm, simd: 'simd128', threads })
    expect([await trainBatches(), await trainRecipe()], `${threads} threads`).toEqual(expected)
    await shutdown()
  }
})

test('so do predictions, traces, checks, full-batch training and large networks', async () => {
  const results = []
  for (const options of [{}, { wasm, threads: 5 }, { wasm, threads: 33 }]) {
    await init({ simd: 'simd128', ...options })
    const [net, data] = [await smallNetwork(), await quartersData(300)]
    const { x, t } = quarters(70)
    const images = { data: Float32Array.from(x), shape: [70, 1, 12, 12] }
    const answers = [await net.predict(images), await net.evaluate(data)]
    const one = await net.predict({ data: images.data.slice(0, 144), shape: [1, 12, 12] })
    const { layers } = await net.trace(images, t)
    const { ok } = await net.checkGradients(
      { data: images.data.slice(0, 144 * 3), shape: [3, 1, 12, 12] },
      t.slice(0, 3),
    )
    const small = await network([144], [dense({ units: 2, activation: 'tanh' }), dense({ units: 1 })], {
      seed: 1,
    })
    const values = await datasets.fromArrays(
      { data: images.data, shape: [70, 144] },
      { data: Float32Array.from(t), shape: [70, 1] },
    )
    const squares = { epochs: 2, loss: 'sumSquaredError' } as const
    const { epochs } = await small.fit(values, { ...squares, optimizer: levenbergMarquardt() })
    const large = await network(
      [1, 12, 12],
      [
        conv2d({ filters: 8, kernel: 3, activation: 'relu' }),
        flatten(),
        dense({ units: 500, activation: 'relu' }),
        dense({ units: 4, activation: 'softmax' }),
      ],
      { seed: 1 },
    )
    expect(large.parameters).toBeGreaterThan(2 ** 18)
    const wide = await large.fit(data, { epochs: 1, batchSize: 50, optimizer: adam({ learningRate: 1e-3 }) })
    results.push({
      answers,
      one,
      layers: layers.map(({ name, a }) => [name, a]),
      ok,
      losses: [epochs, wide.epochs].flat().map(({ loss }) => loss),
    })
    await shutdown()
  }
  expect(results[0]!.ok).toBe(true)
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
})
