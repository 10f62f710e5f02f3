import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface AdamOptions extends Common {
  /**
   * ε. Default: 0.1/∛n for a network of n trained parameters, rounded to two digits, at least 0.001 and at most 0.01: small
   * networks need larger steps.
   */
  learningRate?: number | Schedule
  /** β₁, at least 0 and below 1: the decay of the mean of gradients per step. Default 0.9. */
  beta1?: number
  /** β₂, at least 0 and below 1: the same for the mean of squares. Default 0.999. */
  beta2?: number
  /** At least 0. Default 1e-8. */
  epsilon?: number
  /** λ, at least 0: adds λ·w to the gradient. Default 0. For decoupled weight decay see {@link adamw}. */
  weightDecay?: number
  /** Whether to divide by the largest mean of squares so far (Reddi, Kale and Kumar 2018). Default false. */
  amsgrad?: boolean
}

/**
 * Adam (Kingma and Ba 2015): Δw = −ε·m̂ / (√v̂ + epsilon), m̂ and v̂ running means of gradients and of their squares,
 * bias-corrected for their start at 0.
 */
export function adam(options: AdamOptions = {}): Made<'adam', AdamOptions, 'learningRate'> {
  return make<'adam', AdamOptions, 'learningRate'>('adam', options, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    amsgrad: false,
  })
}
