// Optimizers for all samples at once: an epoch is one of their iterations.
import { bfgs } from './bfgs'
import { conjugateGradient } from './conjugateGradient'
import { gradientDescent } from './gradientDescent'
import { lbfgs } from './lbfgs'
import { levenbergMarquardt } from './levenbergMarquardt'

export const BATCH = { gradientDescent, conjugateGradient, bfgs, lbfgs, levenbergMarquardt }

/** An optimizer for all samples at once, as its function makes it. */
export type BatchOptimizer = ReturnType<(typeof BATCH)[keyof typeof BATCH]>

/** Whether an optimizer takes all samples at once. */
export function takesAll(optimizer: { type: string }): optimizer is BatchOptimizer {
  return Object.hasOwn(BATCH, optimizer.type)
}
