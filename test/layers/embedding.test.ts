import { concat, datasets, dense, embedding, flatten, gru, loadNetwork, network, sgd } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const layers = [
  embedding({ units: 3, vocabulary: 5, name: 'words' }),
  gru({ units: 4 }),
  dense({ units: 2, activation: 'softmax' }),
] as const
const made = () => network([4], layers, { seed: 2 })

test('the rows of the table, for one sample, for more than a block, and as [T, 1]', async () => {
  for (const shape of [[4], [4, 1]] as const) {
    const net = await network(shape, [embedding({ units: 3, vocabulary: 5 })], { seed: 1 })
    const { data: table, shape: size } = (await net.weights())['embedding1.weight']!
    expect(size).toEqual([5, 3])
    const tokens = Uint32Array.from({ length: 34 * 4 }, (_, i) => (i * i) % 5)
    const expected = Array.from(tokens, (token) => Array.from(table.subarray(3 * token, 3 * token + 3)))
    const y = await net.predict({ data: tokens, shape: [34, ...shape] })
    expect(y.shape).toEqual([34, 4, 3])
    expect(Array.from(y.data)).toEqual(expected.flat())
    const alone = await net.predict({ data: tokens.subarray(0, 4), shape })
    expect(Array.from(alone.data)).toEqual(expected.slice(0, 4).flat())
  }
})

test('starts standard normal, whatever its size is', async () => {
  const net = await network([1], [embedding({ units: 40, vocabulary: 90 })], { seed: 3 })
  const { data } = (await net.weights())['embedding1.weight']!
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length
  expect(Math.abs(mean)).toBeLessThan(0.05)
  expect(Math.abs(variance - 1)).toBeLessThan(0.07)
})

test('the gradient is that of finite differences, and reaches only the tokens read', async () => {
  const net = await made()
  const x = [
    [0, 1, 1, 3],
    [3, 3, 0, 1],
    [1, 0, 0, 0],
  ]
  expect((await net.checkGradients(x, [0, 1, 1])).ok).toBe(true)
  const { gradients } = await net.gradients(x, [0, 1, 1])
  const rows = Array.from({ length: 5 }, (_, n) =>
    gradients['words.weight']!.data.subarray(3 * n, 3 * n + 3).some((d) => d !== 0),
  )
  expect(rows).toEqual([true, true, false, true, false])
})

test('is saved and loaded', async () => {
  const net = await made()
  const copy = await loadNetwork(await net.toBytes())
  const x = [[4, 0, 2, 1]]
  expect((await copy.predict(x)).data).toEqual((await net.predict(x)).data)
  expect(copy.spec.layers[0]).toEqual({ type: 'embedding', name: 'words', units: 3, vocabulary: 5 })
})

test('what is no token is refused by its sample and step, by every call', async () => {
  const net = await made()
  for (const [wrong, shown] of [
    [5, '5'],
    [-1, '-1'],
    [1.5, '1.5'],
  ] as const) {
    const x = [
      [0, 1, 2, 3],
      [0, 1, wrong, 3],
    ]
    const message = `words: ${shown} (sample 1, step 2) is no token of its vocabulary: give whole numbers from 0 to 4`
    await refused(
      'data',
      message,
      () => net.predict(x),
      () => net.activations(x),
      () => net.gradients(x, [0, 1]),
      () => net.trace(x, [0, 1]),
      () =>
        net.fit(
          x.map((x, i) => ({ x, t: i })),
          { batchSize: 2, optimizer: sgd() },
        ),
    )
    await refused(
      'data',
      '(sample 0, step 2)',
      () => net.predict(x[1]!),
      () => net.predict([x[1]!], { state: {} }),
    )
  }
  await refused('data', 'Bytes are read as value / 255: give numbers, or a Uint32Array', () =>
    net.predict({ data: Uint8Array.of(0, 1, 2, 3), shape: [4] }),
  )
  // NaN never reaches the table.
  await refused('data', 'NaN', () => net.predict([0, 1, Number.NaN, 3]))
})

test('layers that it does not fit are refused', async () => {
  await refused('option', 'it must be the first layer, or name an input in from', () =>
    network([4], [dense({ units: 4 }), embedding({ units: 2, vocabulary: 3 })]),
  )
  await refused('shape', 'embedding needs token numbers [T] or [T, 1], got [4, 2]', () =>
    network([4, 2], [embedding({ units: 2, vocabulary: 3 })]),
  )
  await refused('option', 'vocabulary must be a whole number of at least 1 and at most 16777216', async () =>
    embedding({ units: 2, vocabulary: 2 ** 25 }),
  )
})

test('of sequences longer than the network, the time step there', async () => {
  const net = await network(
    [3],
    [
      embedding({ units: 2, vocabulary: 5 }),
      gru({ units: 4, returns: 'all' }),
      dense({ units: 5, activation: 'softmax' }),
    ],
  )
  const long = Array.from({ length: 11 }, (_, i) => i % 5)
  const fit = async (x: number[]) => {
    const data = await datasets.fromSequences([x], [long], { per: 'step' })
    return net.fit(data, { epochs: 1, truncated: { every: 2 } })
  }
  await fit(long)
  const before = await net.weights()
  for (const step of [0, 4, 10]) {
    await refused('data', `embedding1: 7 (sample 0, step ${step})`, () => fit(long.with(step, 7)))
  }
  expect(await net.weights()).toEqual(before)
})

test('one of several inputs', async () => {
  const net = await network({ word: [2], size: [1] }, [
    embedding({ units: 3, vocabulary: 5, from: 'word' }),
    flatten({ name: 'row' }),
    concat({ from: ['row', 'size'] }),
    dense({ units: 1 }),
  ])
  await net.predict({ word: [[4, 0]], size: [[0.5]] })
  await refused('data', 'embedding1: 7 (sample 0, step 1)', () =>
    net.predict({ word: [[4, 7]], size: [[0.5]] }),
  )
})
