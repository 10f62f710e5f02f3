// The reports of a training: one per epoch, and the history at its end.
import type { FitEnd } from '../engine/protocol'

/** The results of an epoch. */
export interface EpochReport {
  /** From 1. */
  epoch: number
  /**
   * The loss index of the training samples, each measured before its step: their mean error (for `sumSquaredError` the
   * sum) and the regularisation term.
   */
  loss: number
  /** The regularisation term in the loss; 0 without `regularization` of `fit` or of a layer. */
  regularization: number
  /** The fraction of correct answers, each before its step, as `evaluate` counts them; undefined for a regression. */
  accuracy: number | undefined
  /** The fraction of samples with all answers correct; undefined unless a sample has several, as with several sigmoids. */
  exactMatch: number | undefined
  selectionLoss: number | undefined
  selectionAccuracy: number | undefined
  selectionExactMatch: number | undefined
  /** The duration without the evaluation of the selection samples and without pauses. */
  seconds: number
  samplesPerSecond: number
  learningRate: number
  /** The mean norm of the gradients of the epoch's updates, before clipping; with `until.gradientNorm` or `clip.norm`, and of recurrent networks. */
  gradientNorm: number | undefined
  /**
   * max|g(t) − g(t−1)|, where g is the mean gradient of an epoch's updates; undefined in the first epoch. Only with
   * `until.convergenceThreshold` or a full-batch optimizer.
   */
  gradientChange: number | undefined
  /** The largest component of g; likewise. */
  gradientLargest: number | undefined
  /** The number of gradients computed, of minibatches or of all samples. */
  gradientEvaluations: number
  /** The number of losses of all samples computed without a gradient, in line searches. */
  lossEvaluations: number
}

/**
 * Why a training ended: all epochs are complete, `patience` ran out, `run.stop()` was called, or a criterion of `until` was
 * met. A full-batch optimizer also ends it if no step lowers the loss any more (`noDecrease`), or if the loss falls without
 * bound or is no longer finite (`diverged`); the network keeps the last finite weights.
 */
export type StopReason = keyof typeof EXPLANATIONS

/** The reasons in words; the optimizer itself explains the last two. */
const EXPLANATIONS = {
  epochs: 'all epochs are done',
  patience: 'the loss of the selection samples has not fallen for as many epochs as patience allows',
  stopped: 'stop() was called',
  loss: 'the loss has reached its goal',
  decrease: 'the loss falls by less than asked for',
  gradientNorm: 'the gradient is as small as asked for',
  convergenceThreshold: 'the gradient changes by no more than the threshold',
  seconds: 'the time is over',
  noDecrease: '',
  diverged: '',
}

export interface History {
  epochs: EpochReport[]
  /** The rule that ended the training. */
  stopReason: StopReason
  /** The same in a sentence. */
  explanation: string
  /**
   * A reason to distrust the weights, if there is one: the loss or the gradient hardly changes, but the gradient is not
   * small; the loss ended far above its start; or the loss is no lower than that of the best constant output (known for data
   * sets and built-in losses), so that nothing was learnt from the inputs.
   */
  warning: string | undefined
  /** The sum over all epochs. */
  gradientEvaluations: number
  /** Likewise. */
  lossEvaluations: number
  /** The epoch with the lowest selection loss; undefined without a selection. */
  bestEpoch: number | undefined
  /**
   * The optimizer, the number of its steps `before` this training, which continued from them (0: it started anew), and the
   * number of `steps` that the network remembers now (0: the next training starts anew).
   */
  optimizer: { type: string; before: number; steps: number }
}

/** A gradient is small if it is at most this fraction of the first one. */
const SMALL_GRADIENT_RATIO = 1e-3

/** A loss above this multiple of its start has exploded. */
const EXPLODED_LOSS_RATIO = 10

/** A loss above this fraction of the loss of the best constant output shows that nothing was learnt. */
const UNLEARNT_LOSS_RATIO = 0.99

/** Completes a history; `why` is the optimizer's own explanation of the end. */
export function conclude(history: History, why: string | undefined, end: FitEnd | undefined): void {
  const { epochs, stopReason } = history
  history.explanation = why ?? EXPLANATIONS[stopReason]
  const sum = (key: 'gradientEvaluations' | 'lossEvaluations') =>
    epochs.reduce((all, epoch) => all + epoch[key], 0)
  history.gradientEvaluations = sum('gradientEvaluations')
  history.lossEvaluations = sum('lossEvaluations')
  history.warning = unsettled(history) ?? (end && learntNothing(history, end))
}

/** The warning if the training ended without a minimum. */
function unsettled({ epochs, stopReason, explanation }: History): string | undefined {
  const [first, last] = [epochs[0], epochs.at(-1)].map((epoch) => epoch?.gradientLargest)
  const still = ['convergenceThreshold', 'decrease', 'noDecrease'].includes(stopReason)
  if (!still || first === undefined || !(last! > SMALL_GRADIENT_RATIO * first)) return undefined
  return (
    `${explanation}, but the gradient is not small: its largest component is ${last!.toExponential(2)}, ` +
    `after the first epoch it was ${first.toExponential(2)}. This is not a point of convergence: lower the threshold, or raise the learning rate`
  )
}

const rounded = (value: number) => Number(value.toPrecision(3))

/** The warning if the loss is worse than at the start, or no better than that of a constant output. */
function learntNothing({ epochs }: History, { start, constant }: FitEnd): string | undefined {
  const last = epochs.at(-1)
  if (!last) return undefined
  const { loss, regularization } = last
  const far = start > 0 && loss > EXPLODED_LOSS_RATIO * start
  if (!far && !(loss - regularization > UNLEARNT_LOSS_RATIO * constant)) return undefined
  const [what, value] = far
    ? ['far above its start', start]
    : ['no lower than that of a constant answer', constant]
  return (
    `the loss, ${rounded(loss)}, is ${what}, ${rounded(value)}. Scale the inputs, as with ` +
    'standardize(await datasets.scaling.standard(data)), and large targets too; or change the learning rate, or train longer'
  )
}
