import { dense, gru, type Layer, network, repeatVector } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('every time step has the features, for one sample and for more than a block', async () => {
  const net = await network([3], [repeatVector({ steps: 4 })])
  const alone = await net.predict([1, 2, 3])
  expect(alone.shape).toEqual([4, 3])
  expect(Array.from(alone.data)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
  const x = Float32Array.from({ length: 34 * 3 }, (_, i) => Math.sin(i))
  const { data, shape } = await net.predict({ data: x, shape: [34, 3] })
  expect(shape).toEqual([34, 4, 3])
  const expected = Array.from({ length: 34 }, (_, n) =>
    Array.from({ length: 4 }, () => Array.from(x.subarray(3 * n, 3 * n + 3))),
  )
  expect(Array.from(data)).toEqual(expected.flat(2))
})

test('the gradient is the sum over the time steps', async () => {
  const layers = [
    dense({ units: 2, activation: 'tanh' }),
    repeatVector({ steps: 3 }),
    gru({ units: 2, returns: 'all' }),
    dense({ units: 1 }),
  ] as const
  const net = await network([2], layers, { seed: 4 })
  const x = [
    [0.5, -1],
    [0.25, 2],
  ]
  const t = [
    [[1], [0], [-1]],
    [[0.5], [0.5], [0]],
  ]
  expect((await net.checkGradients(x, t)).ok).toBe(true)
})

test('refuses other inputs and numbers of steps', async () => {
  const needs = 'repeatVector needs [features], got [2, 3]'
  await refused('shape', needs, () => network([2, 3], [repeatVector({ steps: 2 })] as Layer[]))
  for (const steps of [0, -1, 1.5, Number.NaN, '3' as never])
    await refused('option', 'steps', async () => repeatVector({ steps }))
  await refused('memory', 'GiB', () => network([1000], [repeatVector({ steps: 1e9 })]))
})
