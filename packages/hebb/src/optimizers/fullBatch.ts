// Full-batch optimizers, which use all samples in every step: an epoch is one iteration.
import { bfgs } from './bfgs'
import { conjugateGradient } from './conjugateGradient'
import { gradientDescent } from './gradientDescent'
import { lbfgs } from './lbfgs'
import { levenbergMarquardt } from './levenbergMarquardt'

export const FULL_BATCH = { gradientDescent, conjugateGradient, bfgs, lbfgs, levenbergMarquardt }

/** A full-batch optimizer as its function makes it. */
export type FullBatchOptimizer = ReturnType<(typeof FULL_BATCH)[keyof typeof FULL_BATCH]>

/** Whether an optimizer is a full-batch optimizer. */
export function isFullBatch(optimizer: { type: string }): optimizer is FullBatchOptimizer {
  return Object.hasOwn(FULL_BATCH, optimizer.type)
}
