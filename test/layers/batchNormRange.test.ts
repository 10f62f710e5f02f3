// Batch normalisation of inputs that overflow its statistics: the step gives an error, and the saved state stays valid.
import { batchNorm, conv2d, datasets, dense, flatten, loadNetwork, network } from 'hebb'
import { expect, test } from 'vitest'

/** Samples of a given magnitude, half of them negative. */
const samples = (size: number) => ({
  data: Float32Array.from({ length: 32 }, (_, i) => ((i >> 2) % 2 ? size : -size)),
  shape: [8, 4],
})
const targets = { data: new Float32Array(8), shape: [8, 1] }
const make = () => network([4], [batchNorm({ name: 'norm' }), dense({ units: 1 })], { seed: 1 })

test('inputs of ±1e20 give an error at the step: the layer, the statistic, and the remedy', async () => {
  const net = await make()
  const before = await net.weights()
  const data = await datasets.fromArrays(samples(1e20), targets)
  for (const step of [() => net.fit(data, { batchSize: 8 }), () => net.gradients(data)]) {
    const error = (await Promise.resolve(step()).catch((error) => error)) as Error
    expect(error).toMatchObject({ name: 'HebbError', code: 'diverged' })
    expect(error.message).toContain('norm.running_var would become inf')
    expect(error.message).toContain('scale them')
  }
  // The network is unchanged: it can be saved, loaded, and trained on smaller inputs.
  expect(await net.weights()).toEqual(before)
  const again = await loadNetwork(await net.toBytes())
  await again.fit(await datasets.fromArrays(samples(1e3), targets), { batchSize: 8 })
  expect((await again.weights())['norm.running_var']!.data.every((v) => v > 1e5 && v < 1e6)).toBe(true)
})

test('the largest inputs whose variance fits into 32 bits can be trained on', async () => {
  const net = await make()
  await net.fit(await datasets.fromArrays(samples(1e18), targets), { batchSize: 8, epochs: 3 })
  const { data } = (await net.weights())['norm.running_var']!
  expect(data.every((v) => Number.isFinite(v) && v > 1e35)).toBe(true)
  expect((await loadNetwork(await net.toBytes())).parameters).toBe(net.parameters)
})

// pytorch#162489: variances of inputs of 1e30 overflow, and the outputs are all 0, or NaN.
test('images of 1e30 give the error too, and in the middle of a network', async () => {
  const net = await network(
    [1, 2, 2],
    [
      conv2d({ filters: 2, kernel: 1, name: 'big' }),
      batchNorm({ name: 'inner' }),
      flatten(),
      dense({ units: 1 }),
    ],
    { seed: 2 },
  )
  const { data } = samples(1e30)
  const images = await datasets.fromArrays({ data, shape: [8, 1, 2, 2] }, targets)
  await expect(net.fit(images, { batchSize: 8 })).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringContaining('inner.running_var'),
  })
})

test('the error for a kernel that does not fit shows the padding as written', async () => {
  const build = (padding: never) => network([1, 3, 4], [conv2d({ filters: 1, kernel: 9, padding })])
  for (const [padding, shown] of [
    [0, 'padding 0'],
    [[1, 1], 'padding 1'],
    [[1, 2], 'padding [1, 2]'],
    [
      [
        [0, 1],
        [2, 2],
      ],
      'padding [[0, 1], [2, 2]]',
    ],
  ]) {
    const error = (await build(padding as never).catch((error) => error)) as Error
    expect(error.message).toMatch(new RegExp(`${String(shown).replace(/[[\]]/g, '\\$&')}$`))
  }
})
