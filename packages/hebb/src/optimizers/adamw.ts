import type { AdamOptions } from './adam'
import { type Made, make } from './common'

export interface AdamWOptions extends AdamOptions {
  /** λ, at least 0: adds −ε·λ·w to the step. Default 0.01. */
  weightDecay?: number
}

/** AdamW (Loshchilov and Hutter 2019): Adam with weight decay decoupled from the gradient and its means. */
export function adamw(options: AdamWOptions = {}): Made<'adamw', AdamWOptions, 'learningRate'> {
  return make<'adamw', AdamWOptions, 'learningRate'>('adamw', options, {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    amsgrad: false,
  })
}
