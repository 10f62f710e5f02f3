// Schedules of one's own: the engine knows no functions, so that they become tables.
import { HebbError } from '../errors'
import { checkNumber } from '../options'
import type { StepOptimizer } from '.'

/** The most rates that a table has. */
const MAX_RATES = 2 ** 16

/** How long a training is: its epochs, and the steps of each where they are known. */
export interface Span {
  epochs: number
  perEpoch: number | undefined
}

/** An optimizer that the engine understands. Without a span there is no training to ask the function for. */
export function tabulated(optimizer: StepOptimizer, span?: Span): object {
  const { learningRate } = optimizer
  // It may be one by hand, with null for a rate; what is wrong with it the engine says.
  if (typeof learningRate !== 'object' || learningRate?.type !== 'custom') return optimizer
  if (!span) {
    throw new HebbError('option', 'schedule.custom is for fit: give update the rate of each step as a number')
  }
  const { epochs, perEpoch } = span
  const steps = perEpoch === undefined ? undefined : epochs * perEpoch
  const each = steps !== undefined && steps <= MAX_RATES
  if (!each && epochs > MAX_RATES) {
    throw new HebbError('option', `schedule.custom: at most ${MAX_RATES} epochs, got ${epochs}`)
  }
  const rates = Array.from({ length: each ? steps : epochs }, (_, i) => {
    const [step, epoch] = each ? [i, Math.floor(i / perEpoch!)] : [i * (perEpoch ?? 0), i]
    const part = each ? i / steps : i / epochs
    const rate = learningRate.rate({ step, steps, epoch, epochs, part })
    const ok = (rate: number) => rate >= 0
    return checkNumber('schedule.custom', `the rate of step ${step}`, rate, ok, 'finite and at least 0')
  })
  const per = each ? 'step' : 'epoch'
  return { ...optimizer, learningRate: { type: 'table', rates, per, warmup: learningRate.warmup } }
}
