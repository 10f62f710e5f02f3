// What a training reports: of each epoch, and of all of them at its end.
import type { FitEnd } from '../engine/protocol'

/** What an epoch brought. */
export interface EpochReport {
  /** From 1. */
  epoch: number
  /**
   * The loss index of the training samples, each measured before its step: their mean error, or for `sumSquaredError`
   * their sum, and the regularisation term.
   */
  loss: number
  /** The regularisation term in it; 0 without `regularization`, here or of a layer. */
  regularization: number
  /** The part of right answers, each before its step, as `evaluate` counts them; undefined of a regression. */
  accuracy: number | undefined
  /** The part of samples with all answers right; undefined unless each has several, as with several sigmoids. */
  exactMatch: number | undefined
  selectionLoss: number | undefined
  selectionAccuracy: number | undefined
  selectionExactMatch: number | undefined
  /** Without the evaluation of the selection samples, and without pauses. */
  seconds: number
  samplesPerSecond: number
  learningRate: number
  /** The mean norm of the gradients of its updates, before clipping; only with `until.gradientNorm` or `clip.norm`. */
  gradientNorm: number | undefined
  /**
   * max|g(t) − g(t−1)|, g the mean gradient of an epoch's updates; undefined in the first epoch. Only with
   * `until.convergenceThreshold` or an optimizer for all samples.
   */
  gradientChange: number | undefined
  /** The largest component of g; likewise. */
  gradientLargest: number | undefined
  /** The gradients computed: of minibatches, or of all samples. */
  gradientEvaluations: number
  /** The losses of all samples computed without a gradient, by optimizers that search along lines. */
  lossEvaluations: number
}

/**
 * Why a training ended: all epochs are done, `patience` ran out, `run.stop()` was called, or a goal of `until` reached.
 * An optimizer for all samples ends it too where no step lowers the loss any more (`noDecrease`), or where the loss
 * falls without end or leaves the finite numbers (`diverged`); the weights are then the last good ones.
 */
export type StopReason = keyof typeof EXPLANATIONS

/** The same in words, but for those two. */
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
  /** Which rule ended it. */
  stopReason: StopReason
  /** The same in a sentence. */
  explanation: string
  /**
   * What speaks against the weights, if anything does: the loss or the gradient hardly changes, but the gradient is not small;
   * the loss ended far above its start; or no lower than that of the best constant answer to the targets (known of data
   * sets and of losses that are no formula of one's own), so that nothing was learnt of the inputs.
   */
  warning: string | undefined
  /** Of all epochs. */
  gradientEvaluations: number
  /** Likewise. */
  lossEvaluations: number
  /** The epoch with the lowest selection loss; undefined without a selection. */
  bestEpoch: number | undefined
  /**
   * The optimizer, how many of its steps were `before` this training, which then went on from them (0: it began anew), and
   * how many `steps` the network remembers now (0: the next training begins anew).
   */
  optimizer: { type: string; before: number; steps: number }
}

/** A gradient of at most this part of the first one counts as small where another rule ended the training. */
const SMALL_GRADIENT_RATIO = 1e-3

/** How many times the loss of the start is far above it. */
const EXPLODED_LOSS_RATIO = 10

/** A loss above this part of that of the best constant answer is no lower than it. */
const UNLEARNT_LOSS_RATIO = 0.99

/** Says how a training ended; `why` is the optimizer's own word. */
export function conclude(history: History, why: string | undefined, end: FitEnd | undefined): void {
  const { epochs, stopReason } = history
  history.explanation = why ?? EXPLANATIONS[stopReason]
  const sum = (key: 'gradientEvaluations' | 'lossEvaluations') =>
    epochs.reduce((all, epoch) => all + epoch[key], 0)
  history.gradientEvaluations = sum('gradientEvaluations')
  history.lossEvaluations = sum('lossEvaluations')
  history.warning = unsettled(history) ?? (end && learntNothing(history, end))
}

/** That the rule which ended the training met no minimum. */
function unsettled({ epochs, stopReason, explanation }: History): string | undefined {
  const [first, last] = [epochs[0], epochs.at(-1)].map((epoch) => epoch?.gradientLargest)
  const still = ['convergenceThreshold', 'decrease', 'noDecrease'].includes(stopReason)
  if (!still || first === undefined || !(last! > SMALL_GRADIENT_RATIO * first)) return undefined
  return (
    `${explanation}, but the gradient is not small: its largest component is ${last!.toExponential(2)}, ` +
    `after the first epoch it was ${first.toExponential(2)}. This is no point of convergence: lower the threshold, or raise the learning rate`
  )
}

const rounded = (value: number) => Number(value.toPrecision(3))

/** That the loss is no better than it was, or than that of a network without inputs. */
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
