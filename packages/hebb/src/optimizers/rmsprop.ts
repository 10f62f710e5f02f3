import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface RmspropOptions extends Common {
  /** ε. Default 0.01. */
  learningRate?: number | Schedule
  /** ρ, at least 0 and below 1: the decay of the mean of squares per step. Default 0.99. */
  rho?: number
  /** α, at least 0 and below 1. Default 0. */
  momentum?: number
  /** Whether to subtract the squared mean of the gradients from the mean of squares (Graves 2013). Default false. */
  centered?: boolean
  /** At least 0. Default 1e-8. */
  epsilon?: number
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
}

/**
 * RMSProp (Tieleman and Hinton 2012): steps are divided by the root of a running mean of squares,
 * s(t) = ρ·s(t−1) + (1−ρ)·g². Δw = −ε·g / (√s + epsilon); with momentum Δw = −ε·v, v(t) = α·v(t−1) + g / (√s + epsilon).
 */
export function rmsprop(options: RmspropOptions = {}): Made<'rmsprop', RmspropOptions> {
  return make('rmsprop', options, {
    learningRate: 0.01,
    rho: 0.99,
    momentum: 0,
    centered: false,
    epsilon: 1e-8,
    weightDecay: 0,
  })
}
