// Linear regression in closed form and by descent, through the package.
import { linearRegression, shutdown } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv } from '../../packages/examples/csv'
import { refused } from '../helpers/refused'

afterAll(shutdown)

describe('linear regression', () => {
  const x = Array.from({ length: 60 }, (_, i) => [Math.sin(3 * i), Math.cos(i * i)])
  const t = x.map(([a, b], i) => 2 * a! - 3 * b! + 5 + 0.3 * Math.sin(11 * i))
  const gradientDescent = { method: 'gradientDescent' } as const

  test("gives NIST's certified values for Longley's data in closed form", async () => {
    const rows = readCsv('longley.csv').map((row) => Object.values(row).map(Number))
    const fit = await linearRegression({ inputs: 6 }).fit(
      rows.map((row) => row.slice(1)),
      rows.map((row) => row[0]!),
    )
    const certified = [
      15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359, -0.0511041056535807,
      1829.15146461355, -3482258.63459582,
    ]
    const found = [...fit.weights, fit.intercept]
    for (const [i, value] of found.entries()) expect(Math.abs(value / certified[i]! - 1)).toBeLessThan(1e-9)
    expect(fit.rSquared).toBeCloseTo(0.995479004577296, 12)
  })

  test.each([0.1, { from: 0.5, decay: 0.001 }, 'lineMinimized'] as const)(
    'reaches the closed form by descent, rate %j',
    async (learningRate) => {
      const closed = await linearRegression({ inputs: 2 }).fit(x, t)
      const line = await linearRegression({ inputs: 2 }).fit(x, t, {
        ...gradientDescent,
        learningRate,
        gradientThreshold: 1e-9,
      })
      // Function values locate a minimum to half the digits only: a line search stops there, at the rounding limit.
      const reason = learningRate === 'lineMinimized' ? 'noDecrease' : 'gradient'
      expect([line.converged, line.reason]).toEqual([true, reason])
      for (const [i, weight] of [...line.weights, line.intercept].entries()) {
        const expected = [...closed.weights, closed.intercept][i]!
        expect(Math.abs(weight / expected - 1)).toBeLessThan(1e-6)
      }
    },
  )

  test('reports the loss of a sample and the cost of the set', async () => {
    const line = await linearRegression({ inputs: 1 }).fit([1, 2, 3], [3, 5, 7])
    expect([line.slope.toFixed(12), line.intercept.toFixed(12)]).toEqual(['2.000000000000', '1.000000000000'])
    const { losses, cost } = await line.evaluate([1, 2], [4, 8])
    expect([...losses, cost].map((n) => n.toFixed(9))).toEqual(['1.000000000', '9.000000000', '5.000000000'])
    expect(await line.predict(10)).toBeCloseTo(21, 10)
    expect(await line.predict([1, 2, 3])).toHaveLength(3)
  })

  test('records cost, slope and tangent of every step', async () => {
    const line = await linearRegression({ inputs: 1 }).fit([1, 2], [2, 4], {
      ...gradientDescent,
      learningRate: 0.1,
      start: [1, 0],
    })
    // J(1, 0) = (1 + 4)/2; ∂J/∂m = 2·(−1·1 − 2·2)/2 = −5; ∂J/∂c = 2·(−1 − 2)/2 = −3.
    const [first, second] = line.history
    expect([first!.value, ...first!.gradient, first!.learningRate]).toEqual([2.5, -5, -3, 0.1])
    expect(first!.tangent).toBe(2.5 + 5)
    expect([...second!.x]).toEqual([1.5, 0.30000000000000004])
    expect(line.history.at(-1)!.step).toBe(line.history.length - 1)
  })

  test.each([1, 16])(
    'gets close with %i samples per step, and reports that it has not converged',
    async (batchSize) => {
      const closed = await linearRegression({ inputs: 2 }).fit(x, t)
      const fit = (seed: number) =>
        linearRegression({ inputs: 2 }).fit(x, t, {
          ...gradientDescent,
          batchSize,
          seed,
          learningRate: { from: 0.05, decay: 0.001 },
          epochs: 200,
        })
      const line = await fit(1)
      expect([line.converged, line.reason]).toEqual([false, 'steps'])
      for (const [i, weight] of line.weights.entries()) expect(weight).toBeCloseTo(closed.weights[i]!, 1)
      expect((await fit(1)).weights).toEqual(line.weights)
      expect((await fit(2)).weights).not.toEqual(line.weights)
    },
  )

  test('explains a learning rate that is too high and names one that is not', async () => {
    const line = linearRegression({ inputs: 2 })
    await line.fit(x, t, { ...gradientDescent, learningRate: 1.5 })
    expect([line.converged, line.reason]).toEqual([false, 'diverged'])
    const limit = Number(/= ([\d.]+)$/.exec(line.explanation)?.[1])
    expect(Number.isFinite(line.cost)).toBe(true)
    await line.fit(x, t, { ...gradientDescent, learningRate: 0.95 * limit })
    expect(line.converged).toBe(true)
  })

  test('refuses unsolvable problems, and keeps the fitted line', async () => {
    const line = await linearRegression({ inputs: 2 }).fit(x, t)
    const before = [...line.weights, line.intercept, line.cost]
    const constant = x.map(([a]) => [a!, 7])
    await refused(
      'data',
      'feature 1 (from 0) is constant, always 7',
      () => line.fit(constant, t),
      () => line.fit(constant, t, gradientDescent),
    )
    const twice = x.map(([a]) => [a!, 2 * a!])
    await refused('data', 'feature 1 (from 0) is a combination', () => line.fit(twice, t))
    await refused('data', '2 samples cannot determine 2 weights', () =>
      line.fit(x.slice(0, 2), t.slice(0, 2)),
    )
    await refused('data', 'there are no samples', () => line.fit([], []))
    await refused('data', 'the target of sample 0 is NaN', () => line.fit(x, [Number.NaN, ...t.slice(1)]))
    await refused('shape', '59 targets for 60 samples', () => line.fit(x, t.slice(1)))
    for (const learningRate of [0, -1, Number.NaN]) {
      await refused('option', 'learningRate', () => line.fit(x, t, { ...gradientDescent, learningRate }))
    }
    await refused('option', 'needs the cost of all samples', () =>
      line.fit(x, t, { ...gradientDescent, batchSize: 1 }),
    )
    await refused('option', 'batchSize must be', () =>
      line.fit(x, t, { ...gradientDescent, batchSize: 61, learningRate: 0.1 }),
    )
    // @ts-expect-error
    await refused('option', 'no option "epochs"', () => line.fit(x, t, { epochs: 3 }))
    expect(() => line.slope).toThrow('read weights')
    expect([...line.weights, line.intercept, line.cost]).toEqual(before)
  })
})
