// Minimisation of user functions, through the package.
import { init, minimize, shutdown } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

afterAll(shutdown)

describe('minimize', () => {
  const bowl = ([a, b]: Float64Array) => (a! - 1) ** 2 + 5 * (b! + 2) ** 2
  const rosenbrock = ([a, b]: Float64Array) => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2
  const wells = ([a]: Float64Array) => (a! ** 2 - 1) ** 2 + 0.3 * a!

  test.each([0.05, { from: 0.1, decay: 0.001 }, 'lineMinimized'] as const)(
    'finds the one minimum of a convex function from every start, rate %j',
    async (learningRate) => {
      for (const start of [
        [0, 0],
        [9, -30],
        [-7, 3],
      ]) {
        const { x, converged, reason, steps } = await minimize(bowl, start, { learningRate })
        expect([converged, reason]).toEqual([true, 'gradient'])
        expect(x[0]).toBeCloseTo(1, 6)
        expect(x[1]).toBeCloseTo(-2, 6)
        expect([...steps[0]!.x]).toEqual(start)
      }
    },
  )

  test('follows the valley of Rosenbrock by central differences', async () => {
    const { x, converged, evaluations } = await minimize(rosenbrock, [-1.2, 1], {
      learningRate: 0.001,
      steps: 60_000,
      gradientThreshold: 1e-5,
    })
    expect(converged).toBe(true)
    expect(evaluations).toBeGreaterThan(50_000)
    for (const value of x) expect(value).toBeCloseTo(1, 4)
  })

  test('the start decides between two minima', async () => {
    const end = async (start: number) => (await minimize(wells, [start], { learningRate: 0.02 })).x[0]
    // The roots of 4x³ − 4x + 0.3.
    expect(await end(-1.8)).toBeCloseTo(-1.035579, 5)
    expect(await end(-0.2)).toBeCloseTo(-1.035579, 5)
    expect(await end(0.4)).toBeCloseTo(0.960152, 5)
  })

  test('ascends to a maximum, with the gradient given', async () => {
    let asked = 0
    const { x, value, converged, steps } = await minimize((x) => 3 - (x[0]! - 2) ** 2, [0], {
      maximize: true,
      learningRate: 0.1,
      gradient: (x) => {
        asked++
        return [-2 * (x[0]! - 2)]
      },
    })
    expect([converged, steps[0]!.value, steps[0]!.gradient[0]]).toEqual([true, -1, 4])
    expect([x[0], value].map((n) => n!.toFixed(6))).toEqual(['2.000000', '3.000000'])
    expect(asked).toBe(steps.length)
    // The tangent touches at the start: T(0) = f(0), because the start is 0; later it lies above the hill.
    expect(steps[0]!.tangent).toBe(-1)
    expect(steps[3]!.tangent).toBeGreaterThan(-1)
    expect([steps[0]!.learningRate, steps.at(-1)!.learningRate]).toEqual([0.1, undefined])
  })

  test('explains a learning rate that is too high, and returns the best point', async () => {
    const { converged, reason, explanation, value } = await minimize(bowl, [0, 0], { learningRate: 0.21 })
    expect([converged, reason]).toEqual([false, 'diverged'])
    expect(explanation).toMatch(/learning rate 0.21 is too high.*curvature here is 10\.0.*= 0\.2000/)
    expect(value).toBeLessThanOrEqual(bowl(Float64Array.of(0, 0)))
  })

  test('stops when the gradient stops changing, and reports whether it is small', async () => {
    const rule = { convergenceThreshold: 1e-7, gradientThreshold: 0, patience: 3 }
    const good = await minimize(bowl, [0, 0], { ...rule, learningRate: 0.05 })
    expect([good.converged, good.reason]).toEqual([true, 'convergenceThreshold'])
    const early = await minimize(bowl, [3, 0], { ...rule, learningRate: 1e-10 })
    expect([early.converged, early.reason]).toEqual([false, 'convergenceThreshold'])
    expect(early.explanation).toContain('not small')
  })

  test('awaits asynchronous functions', async () => {
    const { x } = await minimize(async (x) => bowl(x), [0, 0])
    expect(x[0]).toBeCloseTo(1, 5)
  })

  test('evaluates once per step if the gradient is given', async () => {
    let asked = 0
    const { steps, evaluations } = await minimize(
      (x) => {
        asked++
        return bowl(x)
      },
      [0, 0],
      { learningRate: 1e-9, steps: 2000, gradient: ([a, b]) => [2 * (a! - 1), 10 * (b! + 2)] },
    )
    expect(steps).toHaveLength(2001)
    expect([asked, evaluations]).toEqual([2001, 2001])
  })

  test('refuses what it cannot minimise, and rethrows errors of f', async () => {
    const rates = [0, -0.1, Number.NaN].map((learningRate) => () => minimize(bowl, [0, 0], { learningRate }))
    await refused('option', 'learningRate must be a number, finite and above 0', ...rates)
    await refused('option', 'decay', () => minimize(bowl, [0, 0], { learningRate: { from: 1, decay: -1 } }))
    await refused('data', 'x0 is empty', () => minimize(bowl, []))
    await refused('data', 'must be finite at the start', () => minimize(() => Number.NaN, [1]))
    await refused('data', 'f must return a number, got undefined', () =>
      // @ts-expect-error
      minimize(() => undefined, [1]),
    )
    await refused('data', 'gradient must return 2 numbers', () =>
      minimize(bowl, [0, 0], { gradient: () => [1] }),
    )
    const boom = minimize(() => {
      throw new Error('boom')
    }, [1])
    await expect(boom).rejects.toThrow('boom')
    expect((await init()).threads).toBeGreaterThan(0)
  })
})
