import { conv2d, loadNetwork, network } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

/** Table I of LeCun et al. 1998: the maps of S2 that each map of C3 reads. */
const C3 = [
  ...[0, 1, 2, 3, 4, 5].map((first) => [0, 1, 2].map((i) => (first + i) % 6)),
  ...[0, 1, 2, 3, 4, 5].map((first) => [0, 1, 2, 3].map((i) => (first + i) % 6)),
  ...[0, 1, 2].map((first) => [0, 1, 3, 4].map((i) => (first + i) % 6)),
  [0, 1, 2, 3, 4, 5],
]

test('C3 of LeNet-5 has 60 connections and 1,516 parameters', async () => {
  const net = await network([6, 14, 14], [conv2d({ filters: 16, kernel: 5, connections: C3 })])
  expect(net.parameters).toBe(1516)
  expect(net.summary()).toContain('1,516 parameters, 150,000 MACs')
  const weights = await net.weights()
  expect(weights['conv1.weight']!.shape).toEqual([60, 5, 5])
  expect(weights['conv1.bias']!.shape).toEqual([16])
})

test('a filter reads its own channels alone, alone and in company', async () => {
  const connections = [[2], [0, 1], [1, 2], [2, 0, 1]]
  const options = { kernel: [2, 3], padding: [1, 0], stride: [1, 2] } as const
  const net = await network([3, 5, 6], [conv2d({ filters: 4, connections, ...options })], { seed: 4 })
  const whole = await network([3, 5, 6], [conv2d({ filters: 4, ...options })])
  const { 'conv1.weight': weight, 'conv1.bias': bias } = await net.weights()
  // The same filters over all channels, 0 where there is no connection.
  const dense = new Float32Array(4 * 3 * 6)
  let at = 0
  for (const [filter, channels] of connections.entries()) {
    for (const channel of channels)
      dense.set(weight!.data.subarray(6 * at, 6 * ++at), 6 * (3 * filter + channel))
  }
  await whole.setWeights({ 'conv1.weight': { data: dense, shape: [4, 3, 2, 3] }, 'conv1.bias': bias! })
  const x = { data: Float32Array.from({ length: 19 * 90 }, (_, i) => Math.sin(i * i)), shape: [19, 3, 5, 6] }
  const [own, expected] = [await net.predict(x), await whole.predict(x)]
  expect(own.shape).toEqual(expected.shape)
  for (const [i, value] of expected.data.entries()) expect(own.data[i]).toBeCloseTo(value, 5)
  const alone = await net.predict({ data: x.data.subarray(90, 180), shape: [1, 3, 5, 6] })
  expect(alone.data).toEqual(own.data.subarray(own.data.length / 19, (2 * own.data.length) / 19))
  // A saved network has its table.
  const again = await loadNetwork(await net.toBytes())
  expect((await again.predict(x)).data).toEqual(own.data)
})

test('wrong tables are refused', async () => {
  const build = (connections: unknown, more = {}) =>
    network([3, 4, 4], [conv2d({ filters: 2, kernel: 2, connections: connections as never, ...more })])
  await refused('option', 'conv1: connections must be 2 lists, one for each filter, got 1', () =>
    build([[0]]),
  )
  await refused(
    'option',
    'each filter reads at least one of the channels 0 to 2, and none twice; filter 1 reads [1, 3]',
    () => build([[0], [1, 3]]),
  )
  await refused('option', 'filter 0 reads [2, 2]', () => build([[2, 2], [0]]))
  await refused('option', 'filter 1 reads []', () => build([[2], []]))
  await refused(
    'option',
    'connections must be a whole number',
    () => build([[-1], [0]]),
    () => build([[0.5], [0]]),
  )
  await refused(
    'option',
    'connections must be a list',
    () => build([0, 1]),
    () => build('all'),
  )
  await refused('option', 'connections say which channels each filter reads, and so do groups', () =>
    build([[0], [1]], { groups: 3, filters: 3 }),
  )
})
