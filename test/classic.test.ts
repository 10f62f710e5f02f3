// The neuron, the perceptron, gradient descent and linear regression, through the package.
import {
  datasets,
  HebbError,
  init,
  linearRegression,
  logicGate,
  minimize,
  neuron,
  type Perceptron,
  perceptron,
  shutdown,
} from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv } from '../packages/examples/csv'

afterAll(shutdown)

const PAIRS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const XOR = [0, 1, 1, 0]

/** Each promise is refused with a HebbError of this code that says so. */
const refused = (code: string, text: string | RegExp, ...promises: (() => Promise<unknown>)[]) =>
  Promise.all(
    promises.map((promise) =>
      expect((async () => promise())()).rejects.toMatchObject({
        name: 'HebbError',
        code,
        message: typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
      }),
    ),
  )

const iris = readCsv('iris.csv').map(({ species, ...sizes }) => ({
  species: species!,
  sizes: Object.values(sizes).map(Number),
}))

describe('the neuron', () => {
  test.each([
    ['and', 2, [0, 0, 0, 1]],
    ['or', 2, [0, 1, 1, 1]],
    ['nand', 2, [1, 1, 1, 0]],
    ['nor', 2, [1, 0, 0, 0]],
    ['not', 1, [1, 0]],
  ] as const)('is the gate %s', async (name, inputs, table) => {
    const gate = await logicGate(name)
    expect(await gate.fire(inputs === 1 ? [[0], [1]] : PAIRS)).toEqual(table)
  })

  test('has the weights it is given, and answers one sample with one number', async () => {
    const majority = neuron({ weights: [1, 1, 1], threshold: 2 })
    expect(await majority.fire([1, 0, 1])).toBe(1)
    expect(await majority.fire([1, 0, 0])).toBe(0)
    const nand = await logicGate('nand', { inputs: 3 })
    expect([...nand.weights, nand.threshold]).toEqual([-1, -1, -1, -2])
  })

  test('is not XOR', async () => {
    // @ts-expect-error
    await refused('option', 'no single neuron is XOR', () => logicGate('xor'))
    await refused('option', 'NOT gate has one input', () => logicGate('not', { inputs: 2 }))
    expect(() => neuron({ weights: [1, Number.NaN], threshold: 1 })).toThrow(
      'weights must be a number, finite',
    )
    expect(() => neuron({ weights: [], threshold: 1 })).toThrow(HebbError)
    const and = await logicGate('and')
    await refused('shape', 'expects samples of 2 values', () => and.fire([1, 0, 1]))
  })
})

describe('the perceptron', () => {
  test('learns OR as on paper', async () => {
    const p = await perceptron({ inputs: 2 }).fit(PAIRS, [0, 1, 1, 1])
    expect([...p.weights, p.bias]).toEqual([1, 1, -1])
    expect([p.converged, p.reason, p.updates, p.accuracy]).toEqual([true, 'converged', 5, 1])
    expect(p.units[0]!.mistakes).toEqual([2, 2, 1, 0])
    const { weights, ...first } = p.units[0]!.history[0]!
    expect(first).toEqual({ epoch: 1, sample: 0, target: 0, net: 0, bias: -1 })
    expect([...weights]).toEqual([0, 0])
    // (R/γ)² is 27: the best plane is (2, 2, −1)/3, at 1/3 from the nearest sample, and R² is 3.
    expect(p.bound).toBeGreaterThanOrEqual(27)
    expect(p.bound).toBeLessThan(27.2)
    expect(await p.predict(PAIRS)).toEqual([0, 1, 1, 1])
    expect(await p.predict([1, 0])).toBe(1)
  })

  test('answers in the values of its targets', async () => {
    const p = await perceptron({ inputs: 2, values: 'bipolar' }).fit(PAIRS, [-1, -1, -1, 1])
    expect(await p.predict(PAIRS)).toEqual([-1, -1, -1, 1])
    expect(await p.evaluate(PAIRS, [-1, -1, -1, -1])).toEqual({ accuracy: 0.75 })
  })

  test('learns whatever a plane parts, with no more updates than its bound', async () => {
    // A linear congruential generator: any separable set will do.
    let state = 7
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    for (let set = 0; set < 40; set++) {
      const inputs = 1 + Math.floor(random() * 5)
      const plane = Array.from({ length: inputs + 1 }, () => random() - 0.5)
      const net = (x: number[]) => x.reduce((sum, value, i) => sum + value * plane[i]!, plane[inputs]! * 0.3)
      const x = Array.from({ length: 50 }, () =>
        Array.from({ length: inputs }, () => 2 * random() - 1),
      ).filter((one) => Math.abs(net(one)) > 0.02)
      const t = x.map((one) => Number(net(one) > 0))
      if (new Set(t).size < 2) continue
      const p = await perceptron({ inputs }).fit(x, t, { epochs: 1e6, shuffle: set % 2 === 0, seed: set })
      expect(p.converged).toBe(true)
      expect(await p.predict(x)).toEqual(t)
      expect(p.updates).toBeLessThanOrEqual(p.bound!)
    }
  })

  test('tells setosa from the other irises', async () => {
    const t = iris.map(({ species }) => Number(species === 'setosa'))
    const p = await perceptron({ inputs: 4 }).fit(
      iris.map(({ sizes }) => sizes),
      t,
    )
    expect([p.converged, p.accuracy]).toEqual([true, 1])
    expect(p.updates).toBeLessThanOrEqual(p.bound!)
  })

  test('says that it did not converge where no plane parts the samples', async () => {
    const xor = await perceptron({ inputs: 2 }).fit(PAIRS, XOR)
    expect([xor.converged, xor.reason, xor.bound]).toEqual([false, 'cycle', undefined])
    const pocket = await perceptron({ inputs: 2 }).fit(PAIRS, XOR, { variant: 'pocket', epochs: 100 })
    expect([pocket.converged, pocket.reason, pocket.accuracy]).toEqual([false, 'epochs', 0.75])

    const pair = iris.filter(({ species }) => species !== 'setosa')
    const x = pair.map(({ sizes }) => sizes)
    const t = pair.map(({ species }) => Number(species === 'virginica'))
    const least = { last: 0.5, pocket: 0.98, averaged: 0.96 }
    for (const variant of ['last', 'pocket', 'averaged'] as const) {
      const p = await perceptron({ inputs: 4 }).fit(x, t, { variant, epochs: 500, seed: 1 })
      expect([p.converged, p.reason, p.bound]).toEqual([false, 'epochs', undefined])
      expect(p.accuracy).toBeGreaterThanOrEqual(least[variant])
      expect(p.accuracy).toBeLessThan(1)
      expect(await p.evaluate(x, t)).toEqual({ accuracy: p.accuracy })
    }
  })

  test('has a unit for each of several classes, and reads data sets', async () => {
    const { train, test } = await datasets.mnist()
    const part = await train.subset(Array.from({ length: 3000 }, (_, i) => i))
    const p = await perceptron({ inputs: 784, classes: 10 }).fit(part, {
      variant: 'averaged',
      epochs: 5,
      history: 0,
    })
    expect(p.units).toHaveLength(10)
    expect(p.units[0]!.weights).toHaveLength(784)
    expect((await p.evaluate(test)).accuracy).toBeGreaterThan(0.85)
    expect(await p.predict(await train.subset([0, 1, 2]))).toEqual([5, 0, 4])
    expect(() => p.weights).toThrow('10 units')
  })

  test('is the same for the same seed', async () => {
    const x = iris.map(({ sizes }) => sizes)
    const t = iris.map(({ species }) => ['setosa', 'versicolor', 'virginica'].indexOf(species))
    const train = (seed: number) =>
      perceptron({ inputs: 4, classes: 3 }).fit(x, t, { variant: 'pocket', epochs: 50, seed })
    const all = (p: Perceptron) => p.units.map(({ weights, bias }) => [...weights, bias])
    expect(all(await train(1))).toEqual(all(await train(1)))
    expect(all(await train(1))).not.toEqual(all(await train(2)))
  })

  test('refuses what it cannot learn from, and keeps what it has learnt', async () => {
    const p = await perceptron({ inputs: 2 }).fit(PAIRS, [0, 1, 1, 1])
    const rates = [0, -1, Number.NaN].map((learningRate) => () => p.fit(PAIRS, XOR, { learningRate }))
    await refused('option', 'learningRate must be a number, finite and above 0', ...rates)
    await refused('data', 'no sample is of class 0', () => p.fit(PAIRS, [1, 1, 1, 1]))
    await refused('data', "must be 0 or 1 with values 'binary', sample 1 has -1", () =>
      p.fit(PAIRS, [1, -1, 1, 1]),
    )
    await refused('data', 'there are no samples', () => p.fit([], []))
    await refused('data', 'sample 0 has NaN', () => p.fit([[Number.NaN, 1]], [0]))
    await refused('shape', '3 targets for 4 samples', () => p.fit(PAIRS, [1, 0, 1]))
    await refused('option', 'no option "lr": use "learningRate"', () =>
      // @ts-expect-error
      p.fit(PAIRS, XOR, { lr: 1 }),
    )
    const bipolar = perceptron({ inputs: 2, values: 'bipolar' })
    await refused(
      'data',
      '-1 or 1',
      () => bipolar.fit(PAIRS, [0, 1, 1, 1]),
      () => bipolar.fit(PAIRS, [-1, 1, 3, 1]),
    )
    const many = perceptron({ inputs: 2, classes: 1e9 })
    await refused('data', 'too few for 1000000000 classes', () => many.fit(PAIRS, [0, 1, 2, 3]))
    await refused('data', 'learnt nothing yet', () => perceptron({ inputs: 2 }).predict([1, 1]))
    expect([...p.weights, p.bias, p.updates]).toEqual([1, 1, -1, 5])
  })
})

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

  test('of two minima the start decides', async () => {
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
    // The tangent touches at the start: T(0) = f(0), as the start is 0, and later lies above the hill.
    expect(steps[0]!.tangent).toBe(-1)
    expect(steps[3]!.tangent).toBeGreaterThan(-1)
    expect([steps[0]!.learningRate, steps.at(-1)!.learningRate]).toEqual([0.1, undefined])
  })

  test('explains a learning rate that is too high, and answers the best place', async () => {
    const { converged, reason, explanation, value } = await minimize(bowl, [0, 0], { learningRate: 0.21 })
    expect([converged, reason]).toEqual([false, 'diverged'])
    expect(explanation).toMatch(/learning rate 0.21 is too high.*curvature here is 10\.0.*= 0\.2000/)
    expect(value).toBeLessThanOrEqual(bowl(Float64Array.of(0, 0)))
  })

  test('stops where the gradient stops changing, and says whether it is small', async () => {
    const rule = { convergenceThreshold: 1e-7, gradientThreshold: 0, patience: 3 }
    const good = await minimize(bowl, [0, 0], { ...rule, learningRate: 0.05 })
    expect([good.converged, good.reason]).toEqual([true, 'convergenceThreshold'])
    const early = await minimize(bowl, [3, 0], { ...rule, learningRate: 1e-10 })
    expect([early.converged, early.reason]).toEqual([false, 'convergenceThreshold'])
    expect(early.explanation).toContain('not small')
  })

  test('waits for functions that answer later', async () => {
    const { x } = await minimize(async (x) => bowl(x), [0, 0])
    expect(x[0]).toBeCloseTo(1, 5)
  })

  test('asks once per step if the gradient is given', async () => {
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

  test('refuses what it cannot minimise, and hands on what f throws', async () => {
    const rates = [0, -0.1, Number.NaN].map((learningRate) => () => minimize(bowl, [0, 0], { learningRate }))
    await refused('option', 'learningRate must be a number, finite and above 0', ...rates)
    await refused('option', 'decay', () => minimize(bowl, [0, 0], { learningRate: { from: 1, decay: -1 } }))
    await refused('data', 'x0 is empty', () => minimize(bowl, []))
    await refused('data', 'must be finite at the start', () => minimize(() => Number.NaN, [1]))
    await refused('data', 'f must answer a number, got undefined', () =>
      // @ts-expect-error
      minimize(() => undefined, [1]),
    )
    await refused('data', 'gradient must answer 2 numbers', () =>
      minimize(bowl, [0, 0], { gradient: () => [1] }),
    )
    const boom = minimize(() => {
      throw new Error('boom')
    }, [1])
    await expect(boom).rejects.toThrow('boom')
    expect((await init()).threads).toBeGreaterThan(0)
  })
})

describe('linear regression', () => {
  const x = Array.from({ length: 60 }, (_, i) => [Math.sin(3 * i), Math.cos(i * i)])
  const t = x.map(([a, b], i) => 2 * a! - 3 * b! + 5 + 0.3 * Math.sin(11 * i))
  const gradientDescent = { method: 'gradientDescent' } as const

  test("has NIST's values of Longley's figures in closed form", async () => {
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
      // Values alone show a minimum to half the digits: there a line search ends at the limit of rounding.
      const reason = learningRate === 'lineMinimized' ? 'noDecrease' : 'gradient'
      expect([line.converged, line.reason]).toEqual([true, reason])
      for (const [i, weight] of [...line.weights, line.intercept].entries()) {
        const expected = [...closed.weights, closed.intercept][i]!
        expect(Math.abs(weight / expected - 1)).toBeLessThan(1e-6)
      }
    },
  )

  test('has the loss of a sample and the cost of the set', async () => {
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
    'comes near with %i samples a step, and says that it has not converged',
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

  test('explains a learning rate that is too high, with one that is not', async () => {
    const line = linearRegression({ inputs: 2 })
    await line.fit(x, t, { ...gradientDescent, learningRate: 1.5 })
    expect([line.converged, line.reason]).toEqual([false, 'diverged'])
    const limit = Number(/= ([\d.]+)$/.exec(line.explanation)?.[1])
    expect(Number.isFinite(line.cost)).toBe(true)
    await line.fit(x, t, { ...gradientDescent, learningRate: 0.95 * limit })
    expect(line.converged).toBe(true)
  })

  test('refuses what has no answer, and keeps the line it has', async () => {
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
