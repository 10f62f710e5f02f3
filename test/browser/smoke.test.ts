// The package in a real browser, on an isolated page.
import { datasets, dense, init, network, sgd } from 'hebb'
import { expect, test } from 'vitest'

test('the page is isolated, and the engine has threads and relaxed-simd', async () => {
  expect(crossOriginIsolated).toBe(true)
  const info = await init({ threads: 2 })
  expect(info).toMatchObject({ threads: 2, simd: 'relaxed', isolated: true, reason: '' })
})

test('a network learns XOR', async () => {
  const net = await network(
    [2],
    [dense({ units: 4, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })],
    { seed: 1 },
  )
  const data = await datasets.fromArrays(
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    [[0], [1], [1], [0]],
  )
  await net.fit(data, { epochs: 500, batchSize: 4, optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }) })
  expect((await net.evaluate(data)).loss).toBeLessThan(0.01)
})
