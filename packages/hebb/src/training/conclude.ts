// What is said of a training at its end.
import type { FitEnd } from '../engine/protocol'
import { type History, SAID } from './options'

/** A gradient of at most this part of the first one counts as small where another rule ended the training. */
const SMALL = 1e-3

/** How many times the loss of the start is far above it. */
const FAR = 10

/** A loss above this part of that of the best constant answer is no lower than it. */
const NO_LOWER = 0.99

/** Says how a training ended; `why` is the optimizer's own word. */
export function conclude(history: History, why: string | undefined, end: FitEnd | undefined): void {
  const { epochs, stopReason } = history
  history.explanation = why ?? SAID[stopReason]
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
  if (!still || first === undefined || !(last! > SMALL * first)) return undefined
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
  const far = start > 0 && loss > FAR * start
  if (!far && !(loss - regularization > NO_LOWER * constant)) return undefined
  const [what, value] = far
    ? ['far above its start', start]
    : ['no lower than that of a constant answer', constant]
  return (
    `the loss, ${rounded(loss)}, is ${what}, ${rounded(value)}. Scale the inputs, as with ` +
    'standardize(await datasets.scaling.standard(data)), and large targets too; or change the learning rate, or train longer'
  )
}
