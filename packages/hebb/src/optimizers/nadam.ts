import { type Common, type Made, make } from './common'
import type { Schedule } from './schedule'

export interface NadamOptions extends Common {
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
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
  /** ψ, at least 0: the speed at which the momentum β₁·(1 − ½·0.96^(t·ψ)) warms up. Default 0.004. */
  momentumDecay?: number
}

/** Nadam (Dozat 2016): Adam with Nesterov's look-ahead, and a momentum that warms up. */
export function nadam(options: NadamOptions = {}): Made<'nadam', NadamOptions, 'learningRate'> {
  return make<'nadam', NadamOptions, 'learningRate'>('nadam', options, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    momentumDecay: 0.004,
  })
}
