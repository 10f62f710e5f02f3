// When a training has come to what it was for.
import { checkKeys, checkNumber, checkWhole } from '../options'
import type { EpochReport, StopReason } from './report'

/** StoppingCriteria of a training. The one that is reached first ends it, and gives the history its `stopReason`. */
export interface Until {
  /** Ends after an epoch whose training loss is at most this. */
  loss?: number
  /** Ends after an epoch that has lowered the training loss by less than this. */
  decrease?: number
  /** Ends after an epoch whose updates had gradients of at most this norm, in the mean, before clipping. */
  gradientNorm?: number
  /**
   * Ends when the gradient has stopped changing: max|g(t) − g(t−1)| was at most this for `patience` epochs in a row, g
   * being the mean gradient of an epoch's updates. It need not be small then: see the history's `warning`.
   */
  convergenceThreshold?: number
  /** For how many epochs in a row. Default 1. */
  patience?: number
  /** Ends so long after its start, pauses included, behind the running step. */
  seconds?: number
}

/** The longest that a timer can wait: 24 days. */
const MAX_SECONDS = (2 ** 31 - 1) / 1000

/** Refuses criteria that are none. */
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

/** Watches the criteria of a training. */
export class StoppingCriteria {
  /** Whether its time is over. */
  late = false
  #before = Number.POSITIVE_INFINITY
  #still = 0
  readonly #until: Until
  readonly #timer: ReturnType<typeof setTimeout> | undefined

  /** `halt` is called when the time is over. */
  constructor(until: Until, halt: () => void) {
    this.#until = until
    if (until.seconds === undefined) return
    this.#timer = setTimeout(() => {
      this.late = true
      halt()
    }, until.seconds * 1000)
  }

  /** The goal that an epoch has reached. */
  reached({ loss, gradientNorm, gradientChange }: EpochReport): StopReason | undefined {
    const until = this.#until
    const decrease = this.#before - loss
    this.#before = loss
    if (until.loss !== undefined && loss <= until.loss) return 'loss'
    if (until.gradientNorm !== undefined && gradientNorm! <= until.gradientNorm) return 'gradientNorm'
    if (until.decrease !== undefined && decrease < until.decrease) return 'decrease'
    this.#still = gradientChange! <= until.convergenceThreshold! ? this.#still + 1 : 0
    return this.#still >= (until.patience ?? 1) ? 'convergenceThreshold' : undefined
  }

  /** The training is over. */
  end(): void {
    clearTimeout(this.#timer)
  }
}
