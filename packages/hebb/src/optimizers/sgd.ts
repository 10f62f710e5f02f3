import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface SgdOptions extends Common {
  /** ε. Default 0.01. */
  learningRate?: number | Schedule
  /** α, at least 0 and below 1. Default 0. */
  momentum?: number
  /** Look-ahead momentum (Sutskever et al. 2013). Default false. */
  nesterov?: boolean
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
}

/**
 * Stochastic gradient descent with momentum: Δw(t) = −ε·(∂E/∂w + λ·w) + α·Δw(t−1).
 */
export function sgd(options: SgdOptions = {}): Made<'sgd', SgdOptions> {
  return make('sgd', options, { learningRate: 0.01, momentum: 0, nesterov: false, weightDecay: 0 })
}
