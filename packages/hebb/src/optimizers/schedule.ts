import { HebbError } from '../errors'
import { checkKeys, checkNumber } from '../options'

/** A learning rate that changes during training. */
export type Schedule =
  | { type: 'constant'; value: number; warmup?: number }
  | { type: 'cosine'; from: number; to: number; warmup: number }
  | { type: 'exponential'; from: number; to: number; warmup: number }
  | { type: 'oneCycle'; from: number; peak: number; to: number; warmup: number }
  | { type: 'step'; from: number; factor: number; every: number; warmup?: number }
  | {
      type: 'plateau'
      from: number
      factor: number
      patience: number
      decrease: number
      to: number
      warmup: number
    }
  | { type: 'custom'; rate: (moment: Moment) => number; warmup: number }

/** A moment of training, from which a custom schedule computes the rate. */
export interface Moment {
  /** Completed steps. */
  step: number
  /** All steps; undefined if unknown. */
  steps: number | undefined
  /** Completed epochs. */
  epoch: number
  /** All epochs. */
  epochs: number
  /** The completed fraction of the training, from 0 to below 1. */
  part: number
}

/** The option of all schedules. */
interface Warm {
  /**
   * The steps at the start during which the rate rises linearly: a fraction of all steps (below 1) or a number of steps (at
   * least 1). Default 0.
   */
  warmup?: number
}

export const schedule = {
  /** A constant rate after the warm-up. */
  constant(value: number, options: Warm = {}): Schedule {
    checkRates('constant', { value })
    return { type: 'constant', value, ...checked('constant', options, ['warmup']) }
  },

  /** Falls from `from` to `to` (default 0) along half a cosine after the warm-up (Loshchilov and Hutter 2017). */
  cosine(options: { from: number; to?: number } & Warm): Schedule {
    return { type: 'cosine', to: 0, warmup: 0, ...checked('cosine', options, ['from', 'to', 'warmup']) }
  },

  /** Falls from `from` to `to`, both above 0, by the same factor per step after the warm-up. */
  exponential(options: { from: number; to: number } & Warm): Schedule {
    return { type: 'exponential', warmup: 0, ...checked('exponential', options, ['from', 'to', 'warmup']) }
  },

  /**
   * Rises from `from` (default peak / 25) to `peak` during the first `warmup` of the steps (default 0.3), then falls to `to`
   * (default from / 10 000), both along half a cosine (Smith and Topin 2018). The momentum does not change.
   */
  oneCycle(options: { peak: number; from?: number; to?: number } & Warm): Schedule {
    const given = checked('oneCycle', options, ['peak', 'from', 'to', 'warmup'])
    const { peak, from = peak / 25 } = given
    return { type: 'oneCycle', from, to: from / 1e4, warmup: 0.3, ...given }
  },

  /** Multiplies the rate by `factor` after every `every` epochs (default 1). */
  step(options: { from: number; factor: number; every?: number } & Warm): Schedule {
    return { type: 'step', every: 1, ...checked('step', options, ['from', 'factor', 'every', 'warmup']) }
  },

  /**
   * Multiplies the rate by `factor` (default 0.1), but not below `to` (default 0), after more than `patience` consecutive
   * epochs (default 10) that did not lower the selection loss, or without a selection the training loss, by the fraction
   * `decrease` (default 0.0001) of the lowest loss.
   */
  plateau(
    options: { from: number; factor?: number; patience?: number; decrease?: number; to?: number } & Warm,
  ): Schedule {
    const keys = ['from', 'factor', 'patience', 'decrease', 'to', 'warmup'] as const
    const usual = { factor: 0.1, patience: 10, decrease: 1e-4, to: 0, warmup: 0 }
    return { type: 'plateau', ...usual, ...checked('plateau', options, keys) }
  },

  /**
   * The rate that a function returns, at least 0. `fit` calls the function before training: for every step or, if there are
   * more than 65 536 steps or their number is unknown, for every epoch.
   */
  custom(rate: (moment: Moment) => number, options: Warm = {}): Schedule {
    if (typeof rate !== 'function') {
      throw new HebbError('option', 'schedule.custom takes a function, as ({ part }) => 0.1 * (1 - part)')
    }
    return { type: 'custom', rate, warmup: 0, ...checked('custom', options, ['warmup']) }
  },
}

/** Returns options with known keys and finite numbers, or throws. The engine checks the ranges. */
function checked<O extends object>(who: string, options: O, keys: readonly (keyof O & string)[]): O {
  checkKeys(`schedule.${who}`, options, keys)
  checkRates(who, options)
  return options
}

function checkRates(who: string, values: object): void {
  for (const [key, value] of Object.entries(values)) {
    checkNumber(`schedule.${who}`, key, value, () => true, 'and finite')
  }
}
