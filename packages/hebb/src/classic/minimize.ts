import { engine } from '../engine/engine'
import type { MinimizeReason, Question } from '../engine/protocol'
import { HebbError, shown, toJson } from '../errors'
import { checkKeys, checkName, checkWhole } from '../options'
import { checkRate, type LearningRate } from './rate'
import { type DescentStep, STOP_KEYS, type StopOptions, toSteps, toStop } from './stop'

/** A function of a vector, which may also answer later. */
export type Objective = (x: Float64Array) => number | Promise<number>
/** Its gradient: ∂f/∂xᵢ for each i. */
export type Gradient = (x: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>

export interface MinimizeOptions extends StopOptions {
  /** Default `gradientDescent`. */
  method?: 'gradientDescent'
  /** Gradient ascent to a maximum instead. Default false. */
  maximize?: boolean
  /** ∇f. Default: by central differences, two values for each variable. */
  gradient?: Gradient
  /** Default `lineMinimized`. */
  learningRate?: LearningRate
  /** Most steps. Default 10,000. */
  steps?: number
}

export interface Minimum {
  /** The last place; if it did not converge, the best. */
  x: Float64Array
  value: number
  gradient: Float64Array
  converged: boolean
  /**
   * Which rule ended it: the `gradient` is below its threshold, it changes less than the `convergenceThreshold`, no
   * step lowers the value any more (`noDecrease`), there were no more `steps`, or it `diverged`.
   */
  reason: MinimizeReason
  /** The same in a sentence, with what to do about it. */
  explanation: string
  /** The steps made, from the start on. */
  steps: readonly DescentStep[]
  /** How often f was evaluated, or f and its gradient together. */
  evaluations: number
}

/**
 * Minimises any function of a vector, in 64 bits, from a start. The engine chooses the places and the function is
 * called here: one message a step, or one for each trial along a line, some 50 µs each.
 *
 * @example const { x, converged } = await minimize(([a, b]) => (1 - a!) ** 2 + 100 * (b! - a! ** 2) ** 2, [-1.2, 1])
 * @throws HebbError `option`, `data`; and whatever f throws
 */
export async function minimize(
  f: Objective,
  x0: ArrayLike<number>,
  options: MinimizeOptions = {},
): Promise<Minimum> {
  checkKeys('minimize', options, ['method', 'maximize', 'gradient', 'learningRate', 'steps', ...STOP_KEYS])
  const { gradient, maximize = false, steps = 10_000 } = options
  const type = checkName('minimize', 'method', options.method ?? 'gradientDescent', ['gradientDescent'])
  const learningRate = checkRate('minimize', options.learningRate ?? 'lineMinimized')
  if (typeof f !== 'function') throw new HebbError('option', 'minimize: f must be a function of a vector')
  if (gradient !== undefined && typeof gradient !== 'function') {
    throw new HebbError('option', 'minimize: gradient must be a function of a vector, as f is')
  }
  if (typeof x0 === 'number' || typeof x0?.length !== 'number') {
    throw new HebbError('option', 'minimize: x0 must be a vector; for one variable write [x]')
  }
  const start = Float64Array.from(x0)
  const own = { maximize, gradient: gradient !== undefined, ...toStop('minimize', options) }
  const json = toJson('minimize', { ...own, steps: checkWhole('minimize', 'steps', steps, 1) })
  const owner = await engine()
  const method = toJson('minimize', { type, learningRate })
  const { id, question } = await owner.ask('minimizeStart', [method, json, start])
  try {
    for (let next = question; next.wants; ) {
      next = await owner.ask('minimizeTell', [id, await answer(f, gradient, next)])
    }
    const report = await owner.ask('minimizeReport', [id])
    const n = start.length
    const { converged, reason, explanation, evaluations, point } = report
    return {
      x: point.slice(1, 1 + n),
      value: point[0]!,
      gradient: point.slice(1 + n),
      converged,
      reason,
      explanation,
      steps: toSteps(report, n),
      evaluations,
    }
  } finally {
    if (!owner.lost) await owner.ask('minimizeEnd', [id])
  }
}

/** What the engine wants to know. */
async function answer(f: Objective, gradient: Gradient | undefined, { wants, at }: Question) {
  if (wants === 'value') return Float64Array.of(await evaluate(f, at))
  if (wants === 'gradient') {
    const value = await evaluate(f, at)
    const slopes = await gradient!(at.slice())
    if (slopes?.length !== at.length) {
      throw new HebbError(
        'data',
        `minimize: gradient must answer ${at.length} numbers, one for each variable`,
      )
    }
    const both = new Float64Array(1 + at.length)
    both[0] = value
    both.set(slopes, 1)
    return both
  }
  const n = at.length / 2
  const [x, h] = [at.subarray(0, n), at.subarray(n)]
  const values = new Float64Array(1 + 2 * n)
  values[0] = await evaluate(f, x)
  for (let i = 0; i < n; i++) {
    for (const side of [0, 1]) {
      const near = x.slice()
      near[i]! += side === 0 ? h[i]! : -h[i]!
      values[1 + 2 * i + side] = await evaluate(f, near)
    }
  }
  return values
}

async function evaluate(f: Objective, x: Float64Array): Promise<number> {
  const answer = f(x.slice())
  const value = typeof answer === 'number' ? answer : await answer
  if (typeof value === 'number') return value
  throw new HebbError('data', `minimize: f must answer a number, got ${shown(value)}`)
}
