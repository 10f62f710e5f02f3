import { network, subsample2d } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('w·Σx + b over windows side by side; at first a mean', async () => {
  const net = await network([2, 5, 7], [subsample2d({ kernel: [2, 3], activation: 'lecunTanh' })])
  expect(net.parameters).toBe(4)
  const x = Float32Array.from({ length: 70 }, (_, i) => Math.cos(3 * i))
  const sums = [0, 1].flatMap((c) =>
    [0, 1].flatMap((h) =>
      [0, 1].map((w) => {
        let sum = 0
        for (let i = 0; i < 6; i++) sum += x[(c * 5 + 2 * h + Math.floor(i / 3)) * 7 + 3 * w + (i % 3)]!
        return sum
      }),
    ),
  )
  const f = (value: number) => 1.7159 * Math.tanh((2 * value) / 3)
  const check = async (formula: (sum: number, channel: number) => number) => {
    const { data, shape } = await net.predict({ data: x, shape: [2, 5, 7] })
    expect(shape).toEqual([2, 2, 2])
    for (const [i, sum] of sums.entries()) expect(data[i]).toBeCloseTo(f(formula(sum, i >> 2)), 5)
  }
  await check((sum) => sum / 6)
  const [w, b] = [Float32Array.of(-0.5, 2), Float32Array.of(0.25, -1)]
  await net.setWeights({
    'subsample1.weight': { data: w, shape: [2] },
    'subsample1.bias': { data: b, shape: [2] },
  })
  await check((sum, channel) => w[channel]! * sum + b[channel]!)
})

test('S2 and S4 of LeNet-5 have 12 and 32 parameters', async () => {
  for (const [channels, size] of [
    [6, 28],
    [16, 10],
  ] as const) {
    const net = await network([channels, size, size], [subsample2d({ kernel: 2 })])
    expect(net.parameters).toBe(2 * channels)
  }
})

test('what does not fit is refused', async () => {
  await refused('shape', 'the kernel [5, 5] does not fit', () =>
    network([1, 4, 4], [subsample2d({ kernel: 5 })]),
  )
  await refused('shape', 'needs an input of shape [C, H, W]', () =>
    network([4], [subsample2d({ kernel: 2 })] as never),
  )
  await refused('option', 'subsample2d has no option "stride"', () =>
    network([1, 4, 4], [subsample2d({ kernel: 2, stride: 1 } as never)]),
  )
})
