import { conv2d, dense, loadNetwork, network } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

async function start(initializer: NonNullable<Parameters<typeof dense>[0]['initializer']>) {
  const net = await network([200], [dense({ units: 100, initializer, name: 'd' })], { seed: 3 })
  const { data } = (await net.weights())['d.weight']!
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length)
  return { mean, deviation, largest: data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }
}

test('weights with a bound or a deviation of their own', async () => {
  const uniform = await start({ uniform: 0.25 })
  expect(uniform.largest).toBeLessThanOrEqual(0.25)
  expect(uniform.largest).toBeGreaterThan(0.249)
  expect(uniform.deviation).toBeCloseTo(0.25 / Math.sqrt(3), 2)
  const normal = await start({ normal: 0.01 })
  expect(normal.deviation).toBeCloseTo(0.01, 3)
  expect(Math.abs(normal.mean)).toBeLessThan(5e-4)
  // 20,000 normal numbers: the largest is about four deviations.
  expect(normal.largest).toBeGreaterThan(0.035)
})

test('a saved network has the same initializer', async () => {
  const net = await network([1, 4, 4], [conv2d({ filters: 2, kernel: 3, initializer: { normal: 0.5 } })])
  const loaded = await loadNetwork(await net.toBytes())
  expect(loaded.spec.layers).toEqual(net.spec.layers)
})

test.each([
  [{ uniform: 0 }, 'dense: initializer.uniform must be a number, above 0, at most 1e6, got 0'],
  [{ normal: Number.NaN }, 'dense: initializer.normal must be a number, above 0, at most 1e6, got NaN'],
  [{}, 'dense: initializer must be a name, { uniform: bound } or { normal: deviation }, got {}'],
  [
    { normal: 1, uniform: 1 },
    'dense: initializer must be a name, { uniform: bound } or { normal: deviation }',
  ],
  [{ constant: 1 }, 'dense: initializer must be a name, { uniform: bound } or { normal: deviation }'],
])('%o is refused', async (initializer, message) => {
  await refused('option', message, async () => dense({ units: 1, initializer: initializer as never }))
})
