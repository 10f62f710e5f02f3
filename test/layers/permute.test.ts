import { conv2d, dense, gru, type Layer, network, permute, reshape } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('an output has the values of its input at the places that the axes say', async () => {
  const shape = [2, 3, 4] as const
  for (const axes of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const)
    for (const samples of [1, 37]) {
      const net = await network(shape, [permute(axes)])
      const x = Float32Array.from({ length: samples * 24 }, (_, i) => i)
      const y = await net.predict({ data: x, shape: [samples, ...shape] })
      const [a, b, c] = axes.map((axis) => shape[axis]!) as [number, number, number]
      expect(y.shape).toEqual([samples, a, b, c])
      const expected = y.data.map((_, at) => {
        const place = [0, 0, 0]
        place[axes[0]] = Math.floor(at / (b * c)) % a
        place[axes[1]] = Math.floor(at / c) % b
        place[axes[2]] = at % c
        const sample = Math.floor(at / 24)
        return 24 * sample + (place[0]! * 3 + place[1]!) * 4 + place[2]!
      })
      expect(y.data).toEqual(expected)
      net.dispose()
    }
})

test('a recurrent layer reads what a convolution over time wrote', async () => {
  const layers = [
    conv2d({ filters: 3, kernel: [1, 2], activation: 'tanh' }),
    permute([2, 0, 1]),
    reshape([4, 3]),
    gru({ units: 2 }),
    dense({ units: 1 }),
  ] as const
  const net = await network([2, 1, 5], layers, { seed: 4 })
  const x = { data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(3 * i)), shape: [3, 2, 1, 5] }
  expect((await net.checkGradients(x, [[1], [0], [-1]])).ok).toBe(true)
})

test('refuses axes that are no order, and times that would lose their lengths', async () => {
  for (const axes of [[0], [1, 2], [0, 0], [0, 1, 2, 3], [1, 0.5], 'ab', undefined])
    await refused('option', 'permute takes each axis once', async () => permute(axes as never))
  const needs = 'permute needs each axis of its input [2, 3] once, from 0: [2, 0, 1] does not have them'
  await refused('shape', needs, () => network([2, 3], [permute([2, 0, 1])] as Layer[]))
  await refused('option', 'moves the time steps', () =>
    network({ input: [4, 3], 'input.lengths': [1] }, [permute([1, 0]), gru({ units: 2 })]),
  )
})
