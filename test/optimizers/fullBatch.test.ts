// Full-batch optimizers: against SciPy's minima, through fit and minimize, and what they refuse.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adam,
  batchNorm,
  bfgs,
  conjugateGradient,
  datasets,
  dense,
  dropout,
  type FitOptions,
  gradientDescent,
  type Layer,
  lbfgs,
  levenbergMarquardt,
  minimize,
  network,
  type OptimizerOption,
  schedule,
  sgd,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../packages/examples/csv'
import { root } from '../helpers/root'

const scipy = JSON.parse(readFileSync(join(root, 'test/fixtures/scipy/minima.json'), 'utf8'))
const cars = readCsv('cars.csv')
const column = (name: string) => cars.map((car) => Number(car[name]))
const features = ['cylinders', 'displacement', 'horsepower', 'weight', 'acceleration', 'year']
const scaled = features.map((name) => {
  const values = column(name)
  const mean = values.reduce((a, b) => a + b) / values.length
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  return values.map((value) => (value - mean) / deviation)
})
const x = cars.map((_, i) => scaled.map((values) => values[i]!))
const mpg = column('mpg')

const rosenbrock = (x: Float64Array) =>
  x.slice(1).reduce((sum, next, i) => sum + 100 * (next - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2, 0)
const slope = (x: Float64Array) => {
  const g = new Float64Array(x.length)
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2
    g[i]! += -400 * x[i]! * bend - 2 * (1 - x[i]!)
    g[i + 1]! += 200 * bend
  }
  return g
}
const near = (a: number, b: number, relative = 1e-6) =>
  expect(Math.abs(a - b), `${a} is not ${b}`).toBeLessThan(relative * Math.max(1, Math.abs(b)))

const refused = async (message: string, run: () => Promise<unknown>) =>
  expect(run()).rejects.toMatchObject({ message: expect.stringContaining(message) })

const ALL = [
  gradientDescent(),
  gradientDescent({ lineSearch: 'goldenSection' }),
  conjugateGradient(),
  conjugateGradient({ formula: 'fletcherReeves' }),
  bfgs(),
  lbfgs(),
  levenbergMarquardt(),
] as const

describe('minimize', () => {
  for (const n of [2, 10]) {
    test.each([
      'bfgs',
      'lbfgs',
      'conjugateGradient',
      conjugateGradient({ formula: 'fletcherReeves' }),
    ] as const)(`has SciPy's minimum of Rosenbrock's function of ${n} variables by %j`, async (method) => {
      const start = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1))
      const options = { method, gradient: slope, gradientThreshold: 1e-9, steps: 3000 }
      const { x, value, converged, evaluations } = await minimize(rosenbrock, start, options)
      expect(converged).toBe(true)
      expect(evaluations).toBeLessThan(1500)
      // For n = 10 there is a second minimum, at x₀ ≈ −0.99, which some of SciPy's methods reach too.
      type Found = { n: number; x: number[] }
      const expected = scipy.rosenbrock.find((one: Found) => one.n === n && one.x[0]! * x[0]! > 0)
      near(value, expected.value)
      for (const [i, at] of x.entries()) near(at, expected.x[i])
    })
  }

  test("fits SciPy's curve to fuel consumption, with residuals and central differences or their Jacobian", async () => {
    const weight = column('weight').map((pounds) => pounds / 1000)
    const residuals = ([a, b, c]: Float64Array) => weight.map((w, i) => a! * Math.exp(-b! * w) + c! - mpg[i]!)
    const jacobian = ([a, b]: Float64Array) =>
      weight.flatMap((w) => [Math.exp(-b! * w), -a! * w * Math.exp(-b! * w), 1])
    for (const gradient of [undefined, jacobian]) {
      const more = gradient ? { gradient } : {}
      const options = { method: 'levenbergMarquardt', gradientThreshold: 1e-5, ...more } as const
      const { x, value, converged, steps } = await minimize(residuals, [50, 0.5, 5], options)
      expect(converged).toBe(true)
      expect(steps.length).toBeLessThan(40)
      near(value, scipy.curve.value)
      for (const [i, at] of x.entries()) near(at, scipy.curve.x[i], 1e-5)
    }
  })

  test('accepts minibatch optimizers, with their schedules', async () => {
    const bowl = ([a, b]: Float64Array) => (a! - 1) ** 2 + 5 * (b! + 2) ** 2
    for (const method of [
      sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
      adam({ learningRate: schedule.cosine({ from: 0.3 }) }),
      adam({ learningRate: schedule.custom(({ part }) => 0.2 * (1 - part)), clip: { norm: 1 } }),
      adam({ learningRate: schedule.plateau({ from: 0.3 }) }),
    ]) {
      const { x, steps } = await minimize(bowl, [9, -30], { method, steps: 2000 })
      near(x[0]!, 1, 1e-4)
      near(x[1]!, -2, 1e-4)
      expect(steps[0]!.learningRate).toBeGreaterThan(0)
    }
    // Two steps by hand: Δw = −ε·g + α·Δw.
    const hand = await minimize(([a]) => a! * a!, [1], {
      method: sgd({ learningRate: 0.25, momentum: 0.5 }),
      gradient: ([a]) => [2 * a!],
      steps: 2,
    })
    expect(hand.steps.map(({ x }) => x[0])).toEqual([1, 0.5, 0])
  })

  test('reports failures, and returns the last good point', async () => {
    for (const method of ['bfgs', 'lbfgs', 'conjugateGradient', 'gradientDescent'] as const) {
      const endless = await minimize(([a]) => -a!, [2], { method })
      expect([endless.converged, endless.reason, endless.x[0]]).toEqual([false, 'diverged', 2])
      expect(endless.explanation).toContain('no bracket')
    }
    const twice = await minimize(([a, b]) => [a! + b! - 3, 2 * (a! + b!) - 6], [0, 0], {
      method: 'levenbergMarquardt',
    })
    expect(twice.explanation).toContain('the Jacobian is singular: parameter 1 (from 0)')
    near(twice.x[0]! + twice.x[1]!, 3)
    const far = await minimize(([a]) => a! ** 4, [3], { method: sgd({ learningRate: 1e10 }) })
    expect([far.reason, far.x[0]]).toEqual(['diverged', 3])
    for (const damping of [0, -1, Number.NaN])
      expect(() => levenbergMarquardt({ damping })).toThrow('damping')
    expect(() => lbfgs({ memory: 0 })).toThrow('memory')
    expect(() => gradientDescent({ learningRate: 0 })).toThrow('learningRate')
    expect(() => gradientDescent({ lineSearch: 'newton' as 'brent' })).toThrow(
      'lineSearch must be one of brent',
    )
    // @ts-expect-error
    expect(() => bfgs({ memory: 3 })).toThrow('bfgs has no option "memory"')
    await refused('must return the residuals', () => minimize(() => 1, [1], { method: 'levenbergMarquardt' }))
    await refused('f must return a number', () => minimize(() => [1], [1], { method: 'bfgs' }))
    await refused('no maximum', () =>
      minimize(() => [1], [1], { method: 'levenbergMarquardt', maximize: true }),
    )
    await refused('give the learning rate to the method', () =>
      minimize(() => 1, [1], { method: 'adam', learningRate: 1 }),
    )
    await refused('optimizer must be one of', () => minimize(() => 1, [1], { method: 'newton' as 'bfgs' }))
    let asked = 0
    await refused('always as many', () =>
      minimize(() => Array.from({ length: ++asked }, () => 1), [1], { method: 'levenbergMarquardt' }),
    )
  })
})

describe('fit', () => {
  const hidden = [dense({ units: 4, activation: 'tanh' }), dense({ units: 1 })] as const
  const make = async (layers: readonly Layer[] = hidden) => {
    const data = await datasets.fromArrays(
      x,
      mpg.map((value) => [(value - 23.4) / 7.8]),
    )
    return { data, net: await network([6], layers as typeof hidden, { seed: 1 }) }
  }
  const train = async (optimizer: OptimizerOption, options: FitOptions = {}, layers?: readonly Layer[]) => {
    const { data, net } = await make(layers)
    return { data, net, history: await net.fit(data, { loss: 'meanSquaredError', optimizer, ...options }) }
  }

  test.each(ALL)("finds SciPy's least squares of a real regression: %j", async (optimizer) => {
    const data = await datasets.fromArrays(
      x,
      mpg.map((value) => [value]),
    )
    const net = await network([6], [dense({ units: 1, name: 'line' })], { seed: 1 })
    const { epochs } = await net.fit(data, { optimizer, epochs: 400, until: { gradientNorm: 2e-4 } })
    near(epochs.at(-1)!.loss, scipy.linear.value, 1e-5)
    const weights = await net.weights()
    const found = [...weights['line.weight']!.data, ...weights['line.bias']!.data]
    // The valley is flat along some weights: in 32 bits first-order methods get less far.
    const close = ['bfgs', 'lbfgs', 'levenbergMarquardt'].includes(optimizer.type) ? 3e-3 : 6e-2
    for (const [i, value] of found.entries()) near(value, scipy.linear.x[i], close)
  })

  test.each(ALL)('lowers the loss every epoch, and reports its evaluations: %j', async (optimizer) => {
    const { data, net, history } = await train(optimizer, { epochs: 25 })
    const losses = history.epochs.map(({ loss }) => loss)
    for (const [i, loss] of losses.slice(1).entries()) expect(loss).toBeLessThanOrEqual(losses[i]!)
    near((await net.evaluate(data)).loss, losses.at(-1)!)
    const { epoch, gradientEvaluations, gradientNorm } = history.epochs.at(-1)!
    expect([epoch, history.stopReason, history.explanation]).toEqual([25, 'epochs', 'all epochs are done'])
    expect(gradientEvaluations).toBeGreaterThanOrEqual(1)
    expect(gradientNorm).toBeGreaterThan(0)
    const searches = optimizer.type === 'gradientDescent' || optimizer.type === 'levenbergMarquardt'
    expect(history.lossEvaluations > 25).toBe(searches)
    expect(history.gradientEvaluations).toBeGreaterThanOrEqual(26)
    expect(history.gradientEvaluations).toBeLessThan(searches ? 27 : 100)
  })

  test('ends when no step lowers the loss, and keeps the weights', async () => {
    const { data, net, history } = await train('bfgs', { epochs: 100_000 }, [dense({ units: 1 })])
    expect(history.stopReason).toBe('noDecrease')
    expect(history.explanation).toContain('no step lowers the loss')
    expect(history.warning).toBe(undefined)
    near((await net.evaluate(data)).loss, history.epochs.at(-1)!.loss)
  })

  test('keeps the last good weights if a rate is too high', async () => {
    const { data, net } = await make()
    const before = await net.weights()
    const history = await net.fit(data, {
      loss: 'meanSquaredError',
      optimizer: gradientDescent({ learningRate: 1e35 }),
      epochs: 9,
    })
    expect(history.stopReason).toBe('diverged')
    expect(history.explanation).toContain('too high')
    expect(await net.weights()).toEqual(before)
  })

  test('stops when the gradient stops changing, and warns if it is not small', async () => {
    const rule = { convergenceThreshold: 1e-4, patience: 3 }
    const good = await train('bfgs', { epochs: 500, until: rule }, [dense({ units: 1 })])
    expect([good.history.stopReason, good.history.warning]).toEqual(['convergenceThreshold', undefined])
    const early = await train(sgd({ learningRate: 1e-6 }), { epochs: 50, until: rule, batchSize: 392 })
    const { stopReason, warning, epochs } = early.history
    // The first epoch has no change yet.
    expect([stopReason, epochs.length, epochs[0]!.gradientChange]).toEqual([
      'convergenceThreshold',
      4,
      undefined,
    ])
    expect(warning).toMatch(/threshold, but the gradient is not small.*not a point of convergence/)
    // With minibatches: the mean gradient of an epoch. At a rate near 0 it equals that of all samples.
    const parts = await train(sgd({ learningRate: 1e-9 }), {
      epochs: 2,
      until: rule,
      batchSize: 56,
      shuffle: false,
    })
    near(parts.history.epochs[1]!.gradientLargest!, epochs[0]!.gradientLargest!, 1e-4)
    expect(parts.history.gradientEvaluations).toBe(14)
    await refused('until.patience', () => train('bfgs', { until: { patience: 0 } }))
    await refused('until.convergenceThreshold', () => train('bfgs', { until: { convergenceThreshold: -1 } }))
  })

  test('can be paused, stepped and stopped between two passes over the samples', async () => {
    const { data, net } = await make()
    const run = net.fit(data, { loss: 'meanSquaredError', optimizer: 'lbfgs', epochs: 1000 })
    await run.step(7)
    const { loss } = await net.evaluate(data)
    run.stop()
    const { epochs, stopReason } = await run
    expect(stopReason).toBe('stopped')
    // Seven passes are fewer epochs; the weights are those of the last epoch.
    expect(epochs.length).toBeLessThan(7)
    near(loss, epochs.at(-1)!.loss)
  })

  test('restores the weights of the best epoch', async () => {
    const { data, net } = await make()
    const { train: some, selection } = await data.split({ selection: 0.5, seed: 1 })
    const history = await net.fit(some, {
      loss: 'meanSquaredError',
      optimizer: 'levenbergMarquardt',
      epochs: 60,
      selection,
      patience: 5,
    })
    const best = history.epochs[history.bestEpoch! - 1]!
    near((await net.evaluate(selection)).loss, best.selectionLoss!)
  })

  test('refuses unsupported options, and says why', async () => {
    await refused('bfgs takes all samples at once: leave batchSize', () => train('bfgs', { batchSize: 32 }))
    await refused('leave batchSize, accumulate and rates out', () => train('lbfgs', { accumulate: 2 }))
    const { net } = await make()
    const stream = async function* () {
      yield { x: x[0]!, t: [mpg[0]!] }
    }
    await refused('a stream has only some', async () => net.fit(stream, { optimizer: 'bfgs' }))
    await refused('with dropout the loss differs each time', () =>
      train('conjugateGradient', {}, [dropout({ rate: 0.5 }), dense({ units: 1 })]),
    )
    await refused('minimises sums of squares', () =>
      train('levenbergMarquardt', { loss: 'meanAbsoluteError' }),
    )
    await refused('batchNorm looks at all of them', () =>
      train('levenbergMarquardt', {}, [batchNorm(), dense({ units: 1 })]),
    )
    const { gradients } = await net.gradients([x[0]!], [[1]], { loss: 'meanSquaredError' })
    // @ts-expect-error
    await refused('it is for fit and minimize', () => net.update(gradients, 'bfgs'))
    await refused('bfgs has no option "memory"', () => train({ type: 'bfgs', memory: 3 } as never))
  })
})
