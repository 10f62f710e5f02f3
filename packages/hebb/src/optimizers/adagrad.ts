import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface AdagradOptions extends Common {
  /** ε. Default 0.01. */
  learningRate?: number | Schedule
  /** The initial sum of squares, at least 0. Default 0. */
  initialAccumulator?: number
  /** At least 0. Default 1e-10. */
  epsilon?: number
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
}

/**
 * AdaGrad (Duchi, Hazan and Singer 2011): the step of each weight is divided by the root of the sum of all squares of its
 * gradient so far. Δw = −ε·g / (√Σg² + epsilon).
 */
export function adagrad(options: AdagradOptions = {}): Made<'adagrad', AdagradOptions> {
  return make('adagrad', options, {
    learningRate: 0.01,
    initialAccumulator: 0,
    epsilon: 1e-10,
    weightDecay: 0,
  })
}
