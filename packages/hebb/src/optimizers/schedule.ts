import { HebbError } from '../errors'
import { checkKeys, checkNumber } from '../options'

/** A learning rate that changes over the course of training. */
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

/** A moment of training, of which a schedule of one's own makes a rate. */
export interface Moment {
  /** Steps done. */
  step: number
  /** Steps in all; undefined where nobody knows. */
  steps: number | undefined
  /** Epochs done. */
  epoch: number
  /** Epochs in all. */
  epochs: number
  /** The part of the training that is done, from 0 to below 1. */
  part: number
}

/** What all schedules take. */
interface Warm {
  /**
   * Over how many steps the rate rises linearly at the start: a part of all steps (below 1) or a number of steps (from
   * 1). Default 0.
   */
  warmup?: number
}

export const schedule = {
  /** Always the same, but for a warm-up. */
  constant(value: number, options: Warm = {}): Schedule {
    checkRates('constant', { value })
    return { type: 'constant', value, ...checked('constant', options, ['warmup']) }
  },

  /** Falls from `from` to `to` (default 0) along half a cosine, behind the warm-up (Loshchilov and Hutter 2017). */
  cosine(options: { from: number; to?: number } & Warm): Schedule {
    return { type: 'cosine', to: 0, warmup: 0, ...checked('cosine', options, ['from', 'to', 'warmup']) }
  },

  /** Falls from `from` to `to`, both above 0, by the same factor each step, behind the warm-up. */
  exponential(options: { from: number; to: number } & Warm): Schedule {
    return { type: 'exponential', warmup: 0, ...checked('exponential', options, ['from', 'to', 'warmup']) }
  },

  /**
   * Rises from `from` (default peak / 25) to `peak` over the first `warmup` of the steps (default 0.3), then falls to `to`
   * (default from / 10 000), both along half a cosine (Smith and Topin 2018). Momentum stays as it is.
   */
  oneCycle(options: { peak: number; from?: number; to?: number } & Warm): Schedule {
    const given = checked('oneCycle', options, ['peak', 'from', 'to', 'warmup'])
    const { peak, from = peak / 25 } = given
    return { type: 'oneCycle', from, to: from / 1e4, warmup: 0.3, ...given }
  },

  /** Multiplied by `factor` after every `every` epochs (default 1). */
  step(options: { from: number; factor: number; every?: number } & Warm): Schedule {
    return { type: 'step', every: 1, ...checked('step', options, ['from', 'factor', 'every', 'warmup']) }
  },

  /**
   * Multiplied by `factor` (default 0.1), but not below `to` (default 0), when more than `patience` epochs in a row (default
   * 10) have not lowered the selection loss, or without a selection the training loss, by the part `decrease` (default
   * 0.0001) of the lowest.
   */
  plateau(
    options: { from: number; factor?: number; patience?: number; decrease?: number; to?: number } & Warm,
  ): Schedule {
    const keys = ['from', 'factor', 'patience', 'decrease', 'to', 'warmup'] as const
    const usual = { factor: 0.1, patience: 10, decrease: 1e-4, to: 0, warmup: 0 }
    return { type: 'plateau', ...usual, ...checked('plateau', options, keys) }
  },

  /**
   * What a function says, at least 0. It is asked when `fit` starts, before any training: for every step, or where there
   * are more than 65 536 steps or nobody knows how many, for every epoch.
   */
  custom(rate: (moment: Moment) => number, options: Warm = {}): Schedule {
    if (typeof rate !== 'function') {
      throw new HebbError('option', 'schedule.custom takes a function, as ({ part }) => 0.1 * (1 - part)')
    }
    return { type: 'custom', rate, warmup: 0, ...checked('custom', options, ['warmup']) }
  },
}

/** Options whose keys are known and whose values are finite numbers. The engine checks their ranges. */
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
