// Values of the losses, and their gradients by finite differences.
import {
  datasets,
  dense,
  hinge,
  huber,
  kullbackLeibler,
  type LossOption,
  logCosh,
  meanAbsoluteError,
  minkowski,
  network,
  weightedSquaredError,
} from 'hebb'
import { describe, expect, test } from 'vitest'

/** The step of the finite difference: a smaller one is lost in 32-bit rounding, a larger one in curvature. */
const STEP = 4e-3

const squared = (a: number, t: number) => (a - t) ** 2
const cases: [string, LossOption, (a: number, t: number) => number][] = [
  ['meanAbsoluteError', meanAbsoluteError(), (a, t) => Math.abs(a - t)],
  ['huber', 'huber', (a, t) => (Math.abs(a - t) <= 1 ? squared(a, t) / 2 : Math.abs(a - t) - 0.5)],
  [
    'huber of 0.3',
    huber({ delta: 0.3 }),
    (a, t) => (Math.abs(a - t) <= 0.3 ? squared(a, t) / 2 : 0.3 * (Math.abs(a - t) - 0.15)),
  ],
  ['logCosh', logCosh(), (a, t) => Math.log(Math.cosh(a - t))],
  ['minkowski', 'minkowski', (a, t) => Math.abs(a - t) ** 1.5],
  ['minkowski of 3', minkowski({ exponent: 3 }), (a, t) => Math.abs(a - t) ** 3],
  [
    'weightedSquaredError',
    weightedSquaredError({ positive: 5, negative: 0.5 }),
    (a, t) => (t > 0.5 ? 5 : 0.5) * squared(a, t),
  ],
  ['hinge', hinge(), (a, t) => Math.max(0, 1 - a * t)],
  ['kullbackLeibler', kullbackLeibler(), (a, t) => (t > 0 ? t * Math.log(t / a) : 0)],
]

describe.each(cases)('%s', (name, loss, f) => {
  const last = name === 'kullbackLeibler' ? 'softmax' : 'identity'
  const x = [
    [0.3, -1.2],
    [2, 0.7],
    [-0.4, 0.1],
  ]
  const t =
    name === 'hinge'
      ? [
          [1, -1],
          [-1, -1],
          [1, 1],
        ]
      : [
          [0.9, 0.1],
          [0, 1],
          [0.25, 0.75],
        ]
  const make = () => network([2], [dense({ units: 2, activation: last })], { seed: 4 })

  test('equals its formula, summed over outputs and averaged over samples', async () => {
    const net = await make()
    const { data } = await net.predict(x)
    const expected = t.flat().reduce((sum, target, i) => sum + f(data[i]!, target), 0) / 3
    expect((await net.evaluate(await datasets.fromArrays(x, t), { loss })).loss).toBeCloseTo(expected, 5)
  })

  test('has a gradient equal to finite differences', async () => {
    const net = await make()
    const { gradients } = await net.gradients(x, t, { loss })
    const weights = await net.weights()
    const data = await datasets.fromArrays(x, t)
    const own = weights['dense1.weight']!.data
    const found = gradients['dense1.weight']!.data
    const largest = Math.max(...found.map(Math.abs))
    for (let i = 0; i < own.length; i++) {
      const at = async (change: number) => {
        const moved = own.slice()
        moved[i]! += change
        await net.setWeights({ ...weights, 'dense1.weight': { ...weights['dense1.weight']!, data: moved } })
        return (await net.evaluate(data, { loss })).loss
      }
      const slope = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP)
      expect(Math.abs(found[i]! - slope) / largest).toBeLessThan(1e-3)
    }
  })
})

test.each([
  [() => huber({ delta: 0 }), 'delta must be a number, above 0'],
  [() => minkowski({ exponent: 0.5 }), 'exponent must be a number, 1 to 16'],
  [() => weightedSquaredError({ positive: Number.NaN }), 'positive must be a number'],
])('%#: the error names the wrong option', (make, why) => {
  expect(make).toThrow(why)
})
