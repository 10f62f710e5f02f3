import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface AdadeltaOptions extends Common {
  /** ε. Default 1. */
  learningRate?: number | Schedule
  /** ρ, at least 0 and below 1: the decay of both running means per step. Default 0.9. */
  rho?: number
  /** Above 0. Default 1e-6. */
  epsilon?: number
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
}

/**
 * AdaDelta (Zeiler 2012): like {@link rmsprop}, but each step is scaled by the size of earlier steps, so that the learning
 * rate has no unit. Δw = −ε·g·√(d + epsilon) / √(s + epsilon), s and d running means of the squares of gradients and steps.
 */
export function adadelta(options: AdadeltaOptions = {}): Made<'adadelta', AdadeltaOptions> {
  return make('adadelta', options, { learningRate: 1, rho: 0.9, epsilon: 1e-6, weightDecay: 0 })
}
