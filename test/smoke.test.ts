// Read this first: everything that Hebb does, in two seconds.
import {
  averagePool2d,
  conv2d,
  datasets,
  dense,
  dropout,
  flatten,
  HebbError,
  loadNetwork,
  maxPool2d,
  network,
  schedule,
  sgd,
} from 'hebb'
import { expect, test } from 'vitest'

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const xor = [[0], [1], [1], [0]]

test('a network learns XOR, is saved, and is unchanged when loaded', async () => {
  const net = await network(
    [2],
    [dense({ units: 4, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })],
    { seed: 1 },
  )
  const data = await datasets.fromArrays(x, xor)
  const history = await net.fit(data, {
    epochs: 500,
    batchSize: 4,
    optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }),
  })
  expect(history.epochs).toHaveLength(500)
  expect(history.epochs.at(-1)!.loss).toBeLessThan(0.01)
  expect(await net.evaluate(data)).toMatchObject({ accuracy: 1, samples: 4 })

  const loaded = await loadNetwork(await net.toBytes())
  expect((await loaded.predict(x)).toArray()).toEqual((await net.predict(x)).toArray())
  expect((await loaded.predict([0, 1])).shape).toEqual([1])
})

test('a convolutional network learns to tell horizontal from vertical bars', async () => {
  const bars = Array.from({ length: 64 }, (_, i) => {
    const at = (i >> 1) % 8
    return [
      Array.from({ length: 8 }, (_, h) => Array.from({ length: 8 }, (_, w) => +((i % 2 ? h : w) === at))),
    ]
  })
  const labels = bars.map((_, i) => i % 2)
  const net = await network(
    [1, 8, 8],
    [
      conv2d({ filters: 4, kernel: 3, padding: 1, activation: 'relu' }),
      maxPool2d({ kernel: 2 }),
      conv2d({ filters: 6, kernel: [3, 2], stride: [1, 2], activation: 'tanh' }),
      averagePool2d({ kernel: 2, stride: 1 }),
      flatten(),
      dropout({ rate: 0.1 }),
      dense({ units: 2, activation: 'softmax' }),
    ],
    { seed: 3, classes: ['vertical', 'horizontal'] },
  )
  const data = await datasets.fromArrays(bars, labels)
  await net.fit(data, {
    epochs: 30,
    batchSize: 16,
    optimizer: sgd({ learningRate: schedule.cosine({ from: 0.1, warmup: 0.1 }), momentum: 0.9 }),
  })
  expect((await net.evaluate(data)).accuracy).toBe(1)
  const [answer] = await net.classify(bars[1]!)
  expect(answer).toMatchObject({ label: 'horizontal', index: 1 })
  expect(answer!.probability).toBeGreaterThan(0.5)
})

test('mistakes give errors, and the engine keeps working', async () => {
  // @ts-expect-error: units, not unit
  expect(() => dense({ unit: 3 })).toThrow('dense has no option "unit"')
  await expect(network([2], [conv2d({ filters: 1, kernel: 3 })] as never)).rejects.toThrow(HebbError)
  const net = await network([2], [dense({ units: 1 })])
  await expect(net.predict([[1, 2, 3]])).rejects.toMatchObject({ code: 'shape' })
  net.dispose()
  await expect(net.predict([1, 2])).rejects.toMatchObject({ code: 'disposed' })
})
