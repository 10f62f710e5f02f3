// Custom activations and losses.
import {
  abs,
  activation,
  conv2d,
  datasets,
  dense,
  elementwise,
  exp,
  flatten,
  HebbError,
  loadNetwork,
  loss,
  maximum,
  network,
  type Symbolic,
  sgd,
  sigmoid,
  type Term,
  where,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { quarters } from './helpers/recipe'

const swish = elementwise((x) => x.times(sigmoid(x)))

test('a function is traced once into a formula', () => {
  expect(swish).toEqual({ elementwise: [['x'], ['sigmoid', 0], ['times', 0, 1]] })
  const leaky = elementwise((x) => where(x, 0, x, x.times(0.1)))
  expect(leaky.elementwise).toEqual([
    ['x'],
    ['number', 0.1],
    ['times', 0, 1],
    ['number', 0],
    ['where', 0, 3, 0, 2],
  ])
  // A repeated value is computed once, and the returned value comes last.
  expect(elementwise((x) => exp(x).plus(exp(x))).elementwise).toEqual([['x'], ['exp', 0], ['plus', 1, 1]])
  expect(
    elementwise((x) => {
      exp(x)
      return x
    }).elementwise.at(-1),
  ).toEqual(['plus', 2, 0])
  expect(elementwise(() => 3).elementwise).toEqual([['x'], ['number', 3]])
})

describe('custom swish', () => {
  const make = (kind: typeof swish | 'silu') =>
    network(
      [1, 12, 12],
      [
        conv2d({ filters: 4, kernel: 3, activation: kind, initializer: 'heNormal' }),
        activation(kind),
        flatten(),
        dense({ units: 4, activation: 'softmax' }),
      ],
      { seed: 3 },
    )

  test('equals the built-in one, including its gradient, and learns', async () => {
    const { x, t } = quarters(256)
    const data = await datasets.fromArrays({ data: x, shape: [256, 1, 12, 12] }, t)
    const [own, built] = await Promise.all([make(swish), make('silu')])
    const [a, b] = await Promise.all([own.gradients(data), built.gradients(data)])
    expect(a.loss).toBeCloseTo(b.loss, 6)
    for (const [name, { data }] of Object.entries(a.gradients)) {
      const largest = Math.max(...b.gradients[name]!.data.map(Math.abs))
      data.forEach((value, i) => {
        expect(Math.abs(value - b.gradients[name]!.data[i]!)).toBeLessThan(2e-6 * (1 + largest))
      })
    }
    await own.fit(data, { epochs: 5, optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }) })
    expect((await own.evaluate(data)).accuracy).toBeGreaterThan(0.9)
  })

  test('is saved with the model', async () => {
    const net = await make(swish)
    const again = await loadNetwork(await net.toBytes())
    const image = { data: new Uint8Array(144).fill(9), shape: [1, 12, 12] }
    expect((await again.predict(image)).data).toEqual((await net.predict(image)).data)
    expect(net.summary()).toContain('elementwise')
  })
})

test('a custom loss equals the built-in one', async () => {
  const net = await network([3], [dense({ units: 2, activation: 'tanh' })], { seed: 1 })
  const x = [
    [1, 2, 3],
    [0.5, -1, 2],
    [0, 0, 1],
  ]
  const t = [
    [0.1, 0.2],
    [0.3, -0.5],
    [1, 0],
  ]
  const squares = loss((output, target) => output.minus(target).power(2))
  const own = await net.gradients(x, t, { loss: squares })
  const built = await net.gradients(x, t, { loss: 'meanSquaredError' })
  expect(own.loss).toBeCloseTo(built.loss, 6)
  const [a, b] = [own, built].map(({ gradients }) => gradients['dense1.weight']!.data)
  a!.forEach((value, i) => void expect(value).toBeCloseTo(b![i]!, 5))
  // A loss without a built-in form: the mean absolute error.
  const data = await datasets.fromArrays(x, t)
  const absolute = loss((output, target) => abs(output.minus(target)))
  const before = (await net.evaluate(data, { loss: absolute })).loss
  await net.fit(data, { epochs: 50, loss: absolute, optimizer: sgd({ learningRate: 0.05 }) })
  expect((await net.evaluate(data, { loss: absolute })).loss).toBeLessThan(before / 2)
})

test('a custom loop over gradients and update equals fit', async () => {
  const make = () => network([3], [dense({ units: 4, activation: swish }), dense({ units: 2 })], { seed: 5 })
  const x = Array.from({ length: 12 }, (_, i) => [i / 7, Math.sin(i), 1 - i / 5])
  const t = x.map(([a, b, c]) => [a! * b!, c! - a!])
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 })
  const [fitted, looped] = await Promise.all([make(), make()])
  await fitted.fit(await datasets.fromArrays(x, t), { epochs: 3, batchSize: 4, shuffle: false, optimizer })
  for (let epoch = 0; epoch < 3; epoch++) {
    for (let i = 0; i < 12; i += 4) {
      const { gradients } = await looped.gradients(x.slice(i, i + 4), t.slice(i, i + 4))
      await looped.update(gradients, optimizer)
    }
  }
  expect(await looped.weights()).toEqual(await fitted.weights())
})

describe('an invalid formula is refused with the reason', () => {
  let stolen: Symbolic
  elementwise((x) => {
    stolen = x
    return x
  })
  test.each<[() => unknown, string]>([
    [() => elementwise((x) => (x as never as number) * 2), 'written with methods'],
    [() => elementwise((x) => `${x}` as never), 'written with methods'],
    [() => elementwise(() => Number.NaN), 'finite numbers'],
    [() => elementwise(() => undefined as never), 'finite numbers'],
    [() => elementwise((x) => x.plus('1' as never)), 'finite numbers'],
    [() => elementwise((x) => x.plus(stolen)), 'another formula'],
    [() => elementwise((x) => x.power(Number.POSITIVE_INFINITY)), 'finite number'],
    [() => elementwise(3 as never), 'takes a function'],
    [() => maximum(1 as Term, 2), 'at least one argument must be a symbol'],
    [() => loss(undefined as never), 'takes a function'],
  ])('%#', (make, why) => {
    expect(make).toThrow(HebbError)
    expect(make).toThrow(why)
  })

  test.each<[unknown, string]>([
    [[], 'a list of operations'],
    ['x', 'a list of operations'],
    [[['x'], ['plus', 0, 1]], 'is none that there is'],
    [[['x'], ['explode', 0]], 'is none that there is'],
    [[['x'], ['number', 1e300]], 'not finite'],
    [[['x'], ['target'], ['plus', 0, 1]], 'a function of x alone'],
    [Array.from({ length: 300 }, () => ['x']), 'too long'],
  ])('a hand-written list of operations: %#', async (operations, why) => {
    const kind = { elementwise: operations as never }
    await expect(network([2], [dense({ units: 1, activation: kind })])).rejects.toThrow(why)
  })
})
