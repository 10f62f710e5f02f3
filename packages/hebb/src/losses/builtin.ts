// The losses that the engine implements natively.
import { checkKeys, checkName, checkNumber, refuse } from '../options'
import type { Loss } from './custom'

/** E = ½ ΣΣ (t − a)², summed over outputs and batch. */
export function sumSquaredError(): Loss {
  return { type: 'sumSquaredError' }
}

type Reduction = 'samples' | 'elements'

function reduced<T extends string>(type: T, options: { reduction?: Reduction }) {
  checkKeys(type, options, ['reduction'])
  const { reduction = 'samples' } = options
  return { type, reduction: checkName(type, 'reduction', reduction, ['samples', 'elements']) }
}

/**
 * ΣΣ (a − t)² / samples; with `reduction: 'elements'` divided by samples · outputs, as PyTorch's mean.
 */
export function meanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('meanSquaredError', options)
}

/** The square root of {@link meanSquaredError} over a batch; for a network with one output. */
export function rootMeanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('rootMeanSquaredError', options)
}

/**
 * ΣΣ (a − t)² / ΣΣ (t − t̄)²: 0 is perfect, and 1 is no better than the mean of the targets (OpenNN). t̄ is the mean over
 * the data set that is trained on or evaluated; for a stream give `variance`, Σ(t − t̄)² / samples.
 */
export function normalizedSquaredError(options: { variance?: number } = {}): Loss {
  const who = 'normalizedSquaredError'
  checkKeys(who, options, ['variance'])
  const { variance } = options
  if (variance === undefined) return { type: who }
  return { type: who, variance: checkNumber(who, 'variance', variance, (n) => n > 0, 'above 0') }
}

/**
 * −ΣΣ w·t·ln p / samples, after softmax or after a linear layer, whose outputs are then logits. `classWeights` are the w of
 * the classes (default 1); `labelSmoothing` s (default 0) replaces t by (1 − s)·t + s/classes. As in PyTorch, except that
 * the mean for class numbers too is over samples, not weights. `rubbish` j adds a class that is never right, with the logit −j:
 * the loss of LeNet-5 (LeCun et al. 1998, equation 9), by which training also lowers the logits of samples unlike any class.
 */
export function crossEntropy(
  options: { labelSmoothing?: number; classWeights?: readonly number[]; rubbish?: number } = {},
): Extract<Loss, { type: 'crossEntropy' }> {
  const who = 'crossEntropy'
  checkKeys(who, options, ['labelSmoothing', 'classWeights', 'rubbish'])
  const { labelSmoothing, classWeights, rubbish } = options
  if (labelSmoothing !== undefined) {
    checkNumber(who, 'labelSmoothing', labelSmoothing, (n) => n >= 0 && n <= 1, '0 to 1')
  }
  if (classWeights !== undefined && !Array.isArray(classWeights)) {
    refuse(who, 'classWeights', 'a list', classWeights)
  }
  if (rubbish !== undefined) checkNumber(who, 'rubbish', rubbish, () => true, 'finite')
  return { type: who, ...options }
}

/**
 * −ΣΣ (w·t·ln p + (1 − t)·ln(1 − p)) / samples, after sigmoid or a linear layer. `positiveWeight` is w, for rare classes.
 * Default 1.
 */
export function binaryCrossEntropy(
  options: { positiveWeight?: number } = {},
): Extract<Loss, { type: 'binaryCrossEntropy' }> {
  const who = 'binaryCrossEntropy'
  checkKeys(who, options, ['positiveWeight'])
  const { positiveWeight } = options
  if (positiveWeight !== undefined) {
    checkNumber(who, 'positiveWeight', positiveWeight, (n) => n > 0, 'above 0')
  }
  return { type: who, ...options }
}
