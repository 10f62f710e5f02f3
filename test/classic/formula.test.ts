// Minimisation of formulas: computed by the engine alone, with exact gradients.
import {
  adam,
  erf,
  exp,
  formula,
  HebbError,
  log,
  maximum,
  minimize,
  type OptimizerOption,
  type Symbolic,
  sigmoid,
  softplus,
  sqrt,
  type Term,
  tanh,
  where,
} from 'hebb'
import { describe, expect, test } from 'vitest'

const rosenbrock = formula((a, b) =>
  a
    .minus(1)
    .power(2)
    .plus(b.minus(a.power(2)).power(2).times(100)),
)
const called = ([a, b]: Float64Array) => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2
const slopes = ([a, b]: Float64Array) => [-2 * (1 - a!) - 400 * a! * (b! - a! ** 2), 200 * (b! - a! ** 2)]

describe('Rosenbrock’s valley', () => {
  test.each<[string, OptimizerOption, number]>([
    ['bfgs', 'bfgs', 1e-6],
    ['gradientDescent', 'gradientDescent', 1e-5],
    ['adam', adam({ learningRate: 0.02 }), 1e-3],
  ])('by %s', async (_, method, error) => {
    const options = { method, steps: 20_000 }
    const own = await minimize(rosenbrock, [-1.2, 1], options)
    for (const value of own.x) expect(Math.abs(value - 1)).toBeLessThan(error)
    // A function with a hand-written gradient gives the same values, evaluation by evaluation.
    const hand = await minimize(called, [-1.2, 1], { ...options, steps: 20, gradient: slopes })
    expect(own.steps[0]!.value).toBeCloseTo(24.2, 12)
    hand.steps.slice(0, 10).forEach(({ x, value, gradient }, step) => {
      const same = own.steps[step]!
      expect(same.value).toBeCloseTo(value, 8)
      for (const i of [0, 1]) {
        expect(same.x[i]).toBeCloseTo(x[i]!, 8)
        expect(same.gradient[i]).toBeCloseTo(gradient[i]!, 6)
      }
    })
  })

  test('in twenty dimensions', async () => {
    const long = formula((...x) =>
      x
        .slice(1)
        .map((next, i) =>
          x[i]!.minus(1)
            .power(2)
            .plus(next.minus(x[i]!.power(2)).power(2).times(100)),
        )
        .reduce((sum, one) => sum.plus(one)),
    )
    const start = Array.from({ length: 20 }, (_, i) => (i % 2 ? 1 : -1.2))
    const { x, converged, evaluations, steps } = await minimize(long, start, { method: 'lbfgs' })
    expect(converged).toBe(true)
    expect(x.every((value) => Math.abs(value - 1) < 1e-5)).toBe(true)
    // Not two per variable, as with central differences.
    expect(evaluations).toBeLessThan(2 * steps.length + 20)
  })
})

test('its gradient equals central differences', async () => {
  const sigma = (n: number) => 1 / (1 + Math.exp(-n))
  const cases: [(a: Symbolic, b: Symbolic) => Term, (a: number, b: number) => number][] = [
    [(a, b) => exp(a).times(b).over(a.plus(3)), (a, b) => (Math.exp(a) * b) / (a + 3)],
    [(a, b) => log(b).plus(sqrt(b)).minus(tanh(a)), (a, b) => Math.log(b) + Math.sqrt(b) - Math.tanh(a)],
    [(a, b) => sigmoid(a).times(softplus(b)), (a, b) => sigma(a) * Math.log(1 + Math.exp(b))],
    [
      (a, b) =>
        maximum(a, b)
          .power(3)
          .plus(where(a, b, a, b.times(2))),
      (a, b) => Math.max(a, b) ** 3 + 2 * b,
    ],
    // 0.1 has 64 bits, not 32.
    [(a, b) => a.times(0.1).plus(b.power(1.5)), (a, b) => a * 0.1 + b ** 1.5],
  ]
  for (const [f, plain] of cases) {
    const x0 = [0.4, 1.7]
    const [own, told] = await Promise.all([
      minimize(formula(f), x0, { method: 'bfgs', steps: 1 }),
      minimize(([a, b]) => plain(a!, b!), x0, { method: 'bfgs', steps: 1 }),
    ])
    expect(own.steps[0]!.value).toBeCloseTo(plain(0.4, 1.7), 14)
    for (const i of [0, 1]) expect(own.steps[0]!.gradient[i]).toBeCloseTo(told.steps[0]!.gradient[i]!, 8)
  }
})

test('finds the maximum of a bell curve', async () => {
  const { x, value } = await minimize(
    formula((a) => exp(a.minus(2).power(2).negative()).plus(erf(a.times(0)))),
    [1.5],
    { maximize: true, method: 'bfgs' },
  )
  expect(x[0]).toBeCloseTo(2, 6)
  expect(value).toBeCloseTo(1, 12)
})

test.each<[() => Promise<unknown>, string]>([
  [() => minimize(formula(3 as never), [1]), 'takes a function'],
  [() => minimize(formula('x' as never), [1]), 'takes a function'],
  [() => minimize(rosenbrock, [1]), 'the formula has 2 variables, x0 has 1'],
  [() => minimize(rosenbrock, [1, 1], { gradient: slopes }), 'a formula has its own'],
  [() => minimize(rosenbrock, [1, 1], { method: 'levenbergMarquardt' }), 'needs all residuals'],
  [
    () =>
      minimize(
        formula((x) => log(x)),
        [-1],
      ),
    'must be finite at the start',
  ],
  [
    () =>
      minimize(
        formula((x) => (x as never as number) * 2),
        [1],
      ),
    'written with methods',
  ],
  [() => minimize({} as never, [1]), 'or a formula'],
])('%#: anything else than a formula is refused', async (wrong, why) => {
  await expect(wrong()).rejects.toThrow(HebbError)
  await expect(wrong()).rejects.toThrow(why)
})
