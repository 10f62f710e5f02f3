// Forecasts that feed themselves.
import { adam, datasets, dense, flatten, forecast, gru, loadNetwork, network, rnn, standardize } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const count = (length: number) => Array.from({ length }, (_, i) => i)

/** A Fibonacci-like network: the sum of the last two values. */
async function sums() {
  const net = await network([2, 1], [flatten(), dense({ units: 1, bias: false })])
  await net.setWeights({ 'dense1.weight': { data: Float32Array.of(1, 1), shape: [1, 2] } })
  return net
}

test('a forecast feeds its answers back', async () => {
  const net = await sums()
  const numbers = await forecast(net, [9, 1, 1], { steps: 5 })
  expect(numbers.toArray()).toEqual([2, 3, 5, 8, 13])
  const rows = await forecast(net, [[1], [1]], { steps: 2 })
  expect([rows.shape, rows.toArray()]).toEqual([[2, 1], [[2], [3]]]) // biome-ignore format: short
})

test('a network that answers for each time step counts with its last', async () => {
  const layers = [rnn({ units: 4, returns: 'all', name: 'h' }), dense({ units: 2, name: 'y' })] as const
  const each = await network([3, 2], layers, { seed: 2 })
  const series = { data: Float32Array.from(count(8), (i) => Math.sin(i)), shape: [4, 2] }
  const { shape, data } = await forecast(each, series, { steps: 2 })
  expect(shape).toEqual([2, 2])
  const first = (await each.predict({ data: series.data.slice(2), shape: [3, 2] })).data.slice(-2)
  expect(data.slice(0, 2)).toEqual(first)
  const second = { data: Float32Array.of(...series.data.slice(4), ...first), shape: [3, 2] }
  expect(data.slice(2)).toEqual((await each.predict(second)).data.slice(-2))
})

test('a raw series in, a forecast out', async () => {
  // Far from 0 and wide: without scaling inside the model no recurrent layer would learn it.
  const wave = (i: number) => 5000 + 300 * Math.sin((2 * Math.PI * i) / 12)
  const series = Array.from({ length: 120 }, (_, i) => wave(i))
  const data = await datasets.windows(series, { steps: 6 })
  const scale = await datasets.scaling.standard(data)
  const layers = [
    standardize(scale),
    gru({ units: 8 }),
    dense({ units: 1 }),
    standardize({ ...scale, invert: true }),
  ] as const
  const net = await network([6, 1], layers, { seed: 1 })
  const optimizer = adam({ learningRate: 0.02 })
  await net.fit(data, { epochs: 200, seed: 1, loss: 'normalizedSquaredError', optimizer })
  const future = (await forecast(net, series, { steps: 24 })).data
  future.forEach((value, i) => void expect(Math.abs(value - wave(120 + i))).toBeLessThan(60))
  const loaded = await loadNetwork(await net.toBytes())
  expect((await forecast(loaded, series, { steps: 24 })).data).toEqual(future)
})

test('what cannot be fed back is refused', async () => {
  const net = await sums()
  await refused('shape', 'the network reads 2 steps, the series has 1', () =>
    forecast(net, [1], { steps: 1 }),
  )
  await refused(
    'shape',
    'the series has 2 features, the network reads 1',
    () =>
    forecast(net, [[1, 2], [3, 4]], { steps: 1 }), // biome-ignore format: short
  )
  await refused('option', 'steps must be a whole number', () => forecast(net, [1, 1], { steps: 0 }))
  await refused('data', 'NaN at step 1', () => forecast(net, [1, Number.NaN], { steps: 1 }))
  await refused('data', /step \d+ is not finite/, () => forecast(net, [1e38, 1e38], { steps: 9 }))
  const wide = await network([2, 1], [rnn({ units: 3 })])
  await refused('shape', 'it is [2,1] → [3]', () => forecast(wide, [1, 1], { steps: 1 }))
  const flat = await network([1], [dense({ units: 1 })])
  await refused('shape', 'it is [1] → [1]', () => forecast(flat, [1, 1], { steps: 1 }))
  await refused('option', 'takes a network', () => forecast({} as never, [1, 1], { steps: 1 }))
})
