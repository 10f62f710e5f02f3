// Stopping criteria.
import { checkKeys, checkNumber, checkWhole } from '../options'
import type { EpochReport, StopReason } from './report'

/** Stopping criteria of a training. The first that is met ends it and becomes the history's `stopReason`. */
export interface Until {
  /** Ends after an epoch with at most this training loss. */
  loss?: number
  /** Ends after an epoch that lowered the training loss by less than this. */
  decrease?: number
  /** Ends after an epoch in which the mean norm of the gradients, before clipping, was at most this. */
  gradientNorm?: number
  /**
   * Ends if the gradient no longer changes: max|g(t) − g(t−1)| was at most this for `patience` consecutive epochs, where g
   * is the mean gradient of an epoch's updates. The gradient need not be small: see the history's `warning`.
   */
  convergenceThreshold?: number
  /** The consecutive epochs for `convergenceThreshold`. Default 1. */
  patience?: number
  /** Ends after this time from the start, pauses included, after the running step. */
  seconds?: number
}

/** The longest that a timer can wait, 24 days. */
const MAX_SECONDS = (2 ** 31 - 1) / 1000

/** Throws if a criterion is unknown or out of range. */
export function checkUntil(until: Until): void {
  checkKeys('fit: until', until, [
    'loss',
    'decrease',
    'gradientNorm',
    'convergenceThreshold',
    'patience',
    'seconds',
  ])
  const { patience, ...criteria } = until
  if (patience !== undefined) checkWhole('fit', 'until.patience', patience, 1)
  for (const [name, value] of Object.entries(criteria)) {
    const seconds = name === 'seconds'
    const ok = (value: number) =>
      seconds ? value > 0 && value <= MAX_SECONDS : name === 'loss' || value >= 0
    const range = seconds ? `above 0 and at most ${MAX_SECONDS}` : name === 'loss' ? 'finite' : 'at least 0'
    checkNumber('fit', `until.${name}`, value, ok, range)
  }
}

/** Watches the stopping criteria of a training. */
export class StoppingCriteria {
  /** Whether the time is over. */
  late = false
  readonly #until: Until
  readonly #timer: ReturnType<typeof setTimeout> | undefined

  /** Calls `halt` after the time is over. */
  constructor(until: Until, halt: () => void) {
    this.#until = until
    if (until.seconds === undefined) return
    this.#timer = setTimeout(() => {
      this.late = true
      halt()
    }, until.seconds * 1000)
  }

  /** The criterion that the last of these epochs meets. */
  reached(epochs: readonly EpochReport[]): StopReason | undefined {
    const until = this.#until
    const [before, last] = [epochs.at(-2), epochs.at(-1)]
    if (!last) return undefined
    const { loss, gradientNorm } = last
    const decrease = (before?.loss ?? Number.POSITIVE_INFINITY) - loss
    if (until.loss !== undefined && loss <= until.loss) return 'loss'
    if (until.gradientNorm !== undefined && gradientNorm! <= until.gradientNorm) return 'gradientNorm'
    if (until.decrease !== undefined && decrease < until.decrease) return 'decrease'
    const { convergenceThreshold: threshold, patience = 1 } = until
    const still = epochs.slice(-patience).filter(({ gradientChange }) => gradientChange! <= threshold!)
    return still.length === patience ? 'convergenceThreshold' : undefined
  }

  /** Ends the watch: clears the timer. */
  end(): void {
    clearTimeout(this.#timer)
  }
}
