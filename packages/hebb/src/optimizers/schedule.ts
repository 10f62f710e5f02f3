import { checkKeys } from '../options'

/** A learning rate that changes over the course of training. */
export type Schedule =
  | { type: 'constant'; value: number }
  | { type: 'cosine'; from: number; to: number; warmup: number }
  | { type: 'step'; from: number; factor: number; every: number }

export const schedule = {
  /** Always the same. */
  constant(value: number): Schedule {
    return { type: 'constant', value }
  },

  /**
   * Rises linearly over the first `warmup` of all steps (a part of 1, default 0), then falls from `from` to
   * `to` (default 0) along half a cosine (Loshchilov and Hutter 2017).
   */
  cosine(options: { from: number; to?: number; warmup?: number }): Schedule {
    checkKeys('schedule.cosine', options, ['from', 'to', 'warmup'])
    return { type: 'cosine', to: 0, warmup: 0, ...options }
  },

  /** Multiplied by `factor` after every `every` epochs (default 1). */
  step(options: { from: number; factor: number; every?: number }): Schedule {
    checkKeys('schedule.step', options, ['from', 'factor', 'every'])
    return { type: 'step', every: 1, ...options }
  },
}
