import { HebbError } from '../errors'
import { checkKeys } from '../options'
import type { Schedule } from './schedule'

export { type Schedule, schedule } from './schedule'

export interface SgdOptions {
  /** ε: a number above 0, or a schedule. Default 0.01. */
  learningRate?: number | Schedule
  /** α, at least 0 and below 1. Default 0. */
  momentum?: number
  /** Look-ahead momentum (Sutskever et al. 2013). Default false. */
  nesterov?: boolean
  /** λ, at least 0: adds λ·w to the gradient. Default 0. */
  weightDecay?: number
}

/** An optimizer, as the engine knows it. */
export type Optimizer = { type: 'sgd' } & Required<SgdOptions>

/** An optimizer by name, or made by its function. */
export type OptimizerOption = Optimizer | Optimizer['type']

/**
 * Stochastic gradient descent with momentum: Δw(t) = −ε·(∂E/∂w + λ·w) + α·Δw(t−1).
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkKeys('sgd', options, ['learningRate', 'momentum', 'nesterov', 'weightDecay'])
  return { type: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false, weightDecay: 0, ...options }
}

/** The optimizer of an option. Default: `sgd` with a learning rate of 0.01 and momentum 0.9. */
export function toOptimizer(option: OptimizerOption | undefined): Optimizer {
  if (option === undefined) return sgd({ momentum: 0.9 })
  if (option === 'sgd') return sgd()
  if (typeof option === 'object' && option !== null && option.type === 'sgd') return option
  throw new HebbError('option', `optimizer must be 'sgd' or sgd({ … }), got ${String(option)}`)
}
