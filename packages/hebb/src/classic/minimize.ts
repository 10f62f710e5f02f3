import type { MinimizeQuestion, MinimizeReason } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, shown, toJson } from '../errors'
import { type OptimizerOption, toOptimizer } from '../optimizers'
import { isFullBatch } from '../optimizers/fullBatch'
import { gradientDescent } from '../optimizers/gradientDescent'
import type { LearningRate } from '../optimizers/learningRate'
import { tabulated } from '../optimizers/tabulate'
import { checkKeys, checkWhole } from '../options'
import { toVector } from '../tensor'
import { type Formula, operations } from './formula'
import { type DescentStep, STOP_KEYS, type StopOptions, toSteps, toStop } from './stop'

/** A function of a vector; it may be asynchronous. */
export type Objective = (x: Float64Array) => number | Promise<number>
/** Residuals r of a function ½Σr², for `levenbergMarquardt`. */
export type Residuals = (x: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>
/** The gradient ∂f/∂xᵢ for each i; for residuals ∂r₀/∂x₀, ∂r₀/∂x₁, …, ∂r₁/∂x₀, …. */
export type Gradient = (x: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>

export interface MinimizeOptions extends StopOptions {
  /**
   * An optimizer by name or made by its function, such as `'bfgs'` or `adam({ learningRate: 0.1 })`. Minibatch optimizers
   * make each step along one gradient; `levenbergMarquardt` needs residuals, not a formula. Default `gradientDescent`.
   */
  method?: OptimizerOption
  /** Whether to ascend to a maximum. Default false. */
  maximize?: boolean
  /** ∇f; a {@link Formula} needs none. Default: central differences, with two values per variable. */
  gradient?: Gradient
  /** The learning rate of `gradientDescent` if it is given by name. Default `lineMinimized`. */
  learningRate?: LearningRate
  /** The most steps. Default 10,000. */
  steps?: number
}

export interface Minimum {
  /** The last place, or the best one if the method did not converge. */
  x: Float64Array
  value: number
  gradient: Float64Array
  converged: boolean
  /**
   * The rule that ended it: the `gradient` is below its threshold, the gradient changes less than the
   * `convergenceThreshold`, no step lowers the value any more (`noDecrease`), all `steps` were used, or the value `diverged`:
   * it was not finite, kept rising, or fell along a line without bound.
   */
  reason: MinimizeReason
  /** The same in a sentence, with a remedy. */
  explanation: string
  /** The steps, from the start on. */
  steps: readonly DescentStep[]
  /** The number of evaluations of f, or of f together with its gradient. */
  evaluations: number
}

/**
 * Minimises any function of a vector, in 64 bits, from a start. (Minibatch optimizers round their steps to 32 bits, but not
 * the places.) The engine chooses the places, and the function is called in the calling thread: one message per step, or
 * per trial along a line, of about 50 µs. A {@link Formula} needs no messages.
 *
 * @example const { x, converged } = await minimize(([a, b]) => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2, [-1.2, 1], { method: 'bfgs' })
 * @throws HebbError `option`, `data`; and whatever f throws
 */
export async function minimize(
  f: Objective | Residuals | Formula,
  x0: ArrayLike<number>,
  options: MinimizeOptions = {},
): Promise<Minimum> {
  checkKeys('minimize', options, ['method', 'maximize', 'gradient', 'learningRate', 'steps', ...STOP_KEYS])
  const { gradient, maximize = false, steps = 10_000 } = options
  const symbolic = typeof f === 'object' && f !== null ? f.formula : undefined
  if (!symbolic && typeof f !== 'function') {
    throw new HebbError('option', 'minimize: f must be a function of a vector, or a formula')
  }
  if (gradient !== undefined && (symbolic || typeof gradient !== 'function')) {
    throw new HebbError(
      'option',
      'minimize: gradient must be a function of a vector, as f is; a formula has its own',
    )
  }
  if (typeof x0 === 'number') {
    throw new HebbError('option', 'minimize: x0 must be a vector; for one variable write [x]')
  }
  const start = toVector('minimize', 'x0', x0)
  const made = methodOf(options, start.length)
  const own = {
    maximize,
    gradient: !!(gradient || symbolic),
    formula: symbolic && operations(symbolic, start.length),
    ...toStop('minimize', options),
  }
  const json = toJson('minimize', { ...own, steps: checkWhole('minimize', 'steps', steps, 1) })
  const method = toJson(
    'minimize',
    isFullBatch(made) ? made : tabulated(made, { epochs: steps, perEpoch: 1 }),
  )
  const called = f as Objective | Residuals
  const evaluate = made.type === 'levenbergMarquardt' ? residualsOf(called) : numberOf(called)
  const owner = await classicEngine()
  const { id, question } = await owner.ask('minimizeStart', [method, json, start])
  try {
    for (let next = question; next; ) {
      next = await owner.ask('minimizeTell', [id, await answer(evaluate, gradient, next)])
    }
    const report = await owner.ask('minimizeReport', [id])
    const { x, value, converged, reason, explanation, evaluations } = report
    return {
      x,
      value,
      gradient: report.gradient,
      converged,
      reason,
      explanation,
      steps: toSteps(report, start.length),
      evaluations,
    }
  } finally {
    if (!owner.lost) await owner.ask('minimizeEnd', [id])
  }
}

/** The optimizer of the options. */
function methodOf({ method, learningRate }: MinimizeOptions, variables: number) {
  if (method === undefined || method === 'gradientDescent') {
    return gradientDescent(learningRate === undefined ? {} : { learningRate })
  }
  if (learningRate === undefined) return toOptimizer(method, variables)
  throw new HebbError(
    'option',
    'minimize: give the learning rate to the method, as adam({ learningRate: 0.1 })',
  )
}

type Values = (x: Float64Array) => Promise<ArrayLike<number>>

const numberOf =
  (f: Objective | Residuals): Values =>
  async (x) => {
    const value = await f(x.slice())
    if (typeof value === 'number') return [value]
    throw new HebbError('data', `minimize: f must return a number, got ${shown(value)}`)
  }

function residualsOf(f: Objective | Residuals): Values {
  let count: number | undefined
  return async (x) => {
    const answer = await f(x.slice())
    const values = typeof answer === 'object' ? toVector('minimize', 'what f returns', answer) : []
    if (values.length > 0) {
      count ??= values.length
      if (values.length === count) return values
    }
    const what =
      'levenbergMarquardt minimises ½Σr²: f must return the residuals r as an array, always as many'
    throw new HebbError('data', `minimize: ${what}, got ${shown(answer)}`)
  }
}

/** The answer to a question of the engine. */
async function answer(f: Values, gradient: Gradient | undefined, { wants, x, h }: MinimizeQuestion) {
  const n = x.length
  const first = await f(x)
  const all = [first]
  if (wants === 'gradient') {
    const slopes = await gradient!(x.slice())
    if (slopes?.length !== n * first.length) {
      const numbers = `${n * first.length} numbers, one for each variable${first.length > 1 ? ' of each residual' : ''}`
      throw new HebbError('data', `minimize: gradient must return ${numbers}`)
    }
    all.push(toVector('minimize', 'what gradient returns', slopes))
  } else if (wants === 'differences') {
    for (let i = 0; i < n; i++) {
      for (const side of [1, -1]) {
        const near = x.slice()
        near[i]! += side * h[i]!
        all.push(await f(near))
      }
    }
  }
  const values = new Float64Array(all.reduce((sum, { length }) => sum + length, 0))
  let from = 0
  for (const part of all) {
    values.set(part, from)
    from += part.length
  }
  return values
}
