// Optimizers for all samples at once: an epoch is one of their iterations.
import { bfgs } from './bfgs'
import { conjugateGradient } from './conjugateGradient'
import { gradientDescent } from './gradientDescent'
import { lbfgs } from './lbfgs'
import { levenbergMarquardt } from './levenbergMarquardt'

export const FULL_BATCH = { gradientDescent, conjugateGradient, bfgs, lbfgs, levenbergMarquardt }

/** An optimizer for all samples at once, as its function makes it. */
export type FullBatchOptimizer = ReturnType<(typeof FULL_BATCH)[keyof typeof FULL_BATCH]>

/** Whether an optimizer takes all samples at once. */
export function isFullBatch(optimizer: { type: string }): optimizer is FullBatchOptimizer {
  return Object.hasOwn(FULL_BATCH, optimizer.type)
}
