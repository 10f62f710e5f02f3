import type { MinimizeReason } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkRate, type LearningRate } from '../optimizers/learningRate'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { type Input, toVector } from '../tensor'
import { toSamples, toSet, toTargets } from './samples'
import { type DescentStep, STOP_KEYS, type StopOptions, toSteps, toStop } from './stop'

export interface DescentOptions extends StopOptions {
  method: 'gradientDescent'
  /** Default `lineMinimized`; with a `batchSize` a number or `{ from, decay }` must be given. */
  learningRate?: LearningRate
  /** Samples per step: `'all'` (default), 1 for stochastic descent, more for minibatches. */
  batchSize?: number | 'all'
  /** The most passes over the samples. Default 10,000. */
  epochs?: number
  /** The seed of the order of the samples, if a step does not use all. Default 0. */
  seed?: number
  /** The start: the weights, then the intercept. Default: all 0. */
  start?: ArrayLike<number>
}

/** `closedForm` (default) needs no other option. */
export type RegressionOptions = { method?: 'closedForm' } | DescentOptions

/** The fit of a line to samples. */
export interface RegressionFit {
  /** The loss of each sample, (y − t)². */
  losses: Float64Array
  /** The cost of the set: the mean of the losses. */
  cost: number
  /** 1 − Σ(y − t)² / Σ(t − mean)². */
  rSquared: number
}

/** y = m·x + c, or with several features y = w·x + c. Made by {@link linearRegression}. */
export class LinearRegression {
  static get name() {
    return 'LinearRegression'
  }
  readonly inputs: number
  /** One for each feature. */
  weights: Float64Array
  intercept = 0
  /** The cost J = Σ(y − t)²/N of the training samples. */
  cost = Number.NaN
  rSquared = Number.NaN
  /** Whether gradient descent converged; true in closed form. */
  converged = false
  /** The rule that ended gradient descent, or `closedForm`. */
  reason: MinimizeReason | 'closedForm' | undefined
  explanation = ''
  /** The epochs of gradient descent: x holds weights and intercept, value is the cost. */
  history: readonly DescentStep[] = []

  /** @internal */
  constructor(inputs: number) {
    this.inputs = inputs
    this.weights = new Float64Array(inputs)
  }

  /** m, if there is one feature. */
  get slope(): number {
    if (this.inputs === 1) return this.weights[0]!
    throw new HebbError('option', `with ${this.inputs} features there are as many slopes: read weights`)
  }

  /**
   * Finds the line for samples `[N, inputs]` (or `[N]` for one feature) and a target for each, in closed form by QR or by
   * gradient descent on the cost. If descent does not converge, the line is the best one found, and `explanation` says why;
   * if samples or options are refused, the line does not change.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  async fit(x: Input, t: Input | ArrayLike<number>, options: RegressionOptions = {}): Promise<this> {
    const { data, samples } = toSet('linearRegression', x, this.inputs)
    const targets = toTargets('linearRegression', t, samples)
    const names = ['closedForm', 'gradientDescent'] as const
    const method = checkName('linearRegression.fit', 'method', options?.method ?? 'closedForm', names)
    const owner = await classicEngine()
    if (method === 'closedForm') {
      checkKeys("linearRegression.fit with method 'closedForm'", options, ['method'])
      const parameters = await owner.ask('regressionClosedForm', [data, this.inputs, targets])
      await this.#take(parameters, data, targets)
      this.converged = true
      this.reason = 'closedForm'
      this.explanation = 'least squares by QR'
      this.history = []
      return this
    }
    const { start, ...own } = descent(options as DescentOptions, this.inputs)
    const report = await owner.ask('regressionDescend', [
      toJson('linearRegression', own),
      start,
      data,
      targets,
    ])
    await this.#take(report.x, data, targets)
    this.converged = report.converged
    this.reason = report.reason
    this.explanation = report.explanation
    this.history = toSteps(report, this.inputs + 1)
    return this
  }

  /** y for one sample, a number or `[inputs]`, or for each of `[N, inputs]`. */
  predict(x: number): Promise<number>
  predict(x: Input): Promise<number | number[]>
  async predict(x: Input | number): Promise<number | number[]> {
    const { data, single } = toSamples('linearRegression', typeof x === 'number' ? [x] : x, this.inputs)
    const y = await (await classicEngine()).ask('regressionPredict', [this.#parameters(), data])
    return single ? y[0]! : Array.from(y)
  }

  /** The loss of each sample, and their cost. */
  async evaluate(x: Input, t: Input | ArrayLike<number>): Promise<RegressionFit> {
    const { data, samples } = toSet('linearRegression', x, this.inputs)
    const targets = toTargets('linearRegression', t, samples)
    return this.#measure(this.#parameters(), data, targets)
  }

  #parameters(): Float64Array {
    const all = new Float64Array(this.inputs + 1)
    all.set(this.weights)
    all[this.inputs] = this.intercept
    return all
  }

  async #measure(parameters: Float64Array, x: Float64Array, t: Float64Array): Promise<RegressionFit> {
    return (await classicEngine()).ask('regressionMeasure', [parameters, x, t])
  }

  async #take(parameters: Float64Array, x: Float64Array, t: Float64Array): Promise<void> {
    const { cost, rSquared } = await this.#measure(parameters, x, t)
    this.weights = parameters.slice(0, -1)
    this.intercept = parameters.at(-1)!
    this.cost = cost
    this.rSquared = rSquared
  }
}

/** The options of gradient descent as the engine expects them. */
function descent(options: DescentOptions, inputs: number) {
  const who = 'linearRegression.fit'
  const keys = ['method', 'learningRate', 'batchSize', 'epochs', 'seed', 'start', ...STOP_KEYS]
  checkKeys(who, options, keys)
  const { batchSize = 'all', epochs = 10_000, seed = 0 } = options
  const start = toVector(who, 'start', options.start ?? new Float64Array(inputs + 1))
  for (const value of start) checkNumber(who, 'start', value, () => true, 'finite')
  if (start.length !== inputs + 1) {
    throw new HebbError(
      'shape',
      `${who}: start must hold ${inputs} weights and the intercept, got ${start.length}`,
    )
  }
  return {
    start,
    learningRate: checkRate(who, options.learningRate ?? 'lineMinimized'),
    batchSize: batchSize === 'all' ? null : checkWhole(who, 'batchSize', batchSize, 1),
    epochs: checkWhole(who, 'epochs', epochs, 1),
    seed: checkWhole(who, 'seed', seed, 0),
    ...toStop(who, options),
  }
}

/**
 * Linear regression, in 64 bits.
 *
 * @example
 * const line = await linearRegression({ inputs: 1 }).fit([1, 2, 3], [3, 5, 7])
 * line.slope // 2
 * line.intercept // 1
 * @throws HebbError `option`
 */
export function linearRegression(options: { inputs: number }): LinearRegression {
  checkKeys('linearRegression', options, ['inputs'])
  return new LinearRegression(checkWhole('linearRegression', 'inputs', options.inputs, 1))
}
