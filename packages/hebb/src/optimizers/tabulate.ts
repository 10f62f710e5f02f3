// Custom schedules become tables, because the engine cannot call functions.
import { HebbError } from '../errors'
import { checkNumber } from '../options'
import type { StepOptimizer } from '.'

/** The most rates in a table. */
const MAX_RATES = 2 ** 16

/** The length of a training: its epochs, and the steps per epoch if known. */
export interface Span {
  epochs: number
  perEpoch: number | undefined
}

/** An optimizer as the engine expects it. Without a span, outside of `fit`, a custom schedule is refused. */
export function tabulated(optimizer: StepOptimizer, span?: Span): object {
  const { learningRate } = optimizer
  // The optimizer may be a literal with a wrong rate, such as null: the engine checks it.
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
