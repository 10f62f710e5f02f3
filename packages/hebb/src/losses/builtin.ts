// The losses that the engine has code of its own for.
import { checkKeys, checkName, checkNumber, refuse } from '../options'
import type { Loss } from './custom'

/** E = ½ ΣΣ (t − a)², over outputs and batch. */
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
 * ΣΣ (a − t)² / samples; with `reduction: 'elements'` divided by samples and outputs, as PyTorch's mean.
 */
export function meanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('meanSquaredError', options)
}

/** The root of {@link meanSquaredError} of a batch; for a network with one output. */
export function rootMeanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('rootMeanSquaredError', options)
}

/**
 * ΣΣ (a − t)² / ΣΣ (t − t̄)²: 0 is perfect, and 1 no better than the mean of the targets (OpenNN). t̄ is of the data set
 * that is trained on or evaluated; for a stream give `variance`, Σ(t − t̄)² / samples.
 */
export function normalizedSquaredError(options: { variance?: number } = {}): Loss {
  const who = 'normalizedSquaredError'
  checkKeys(who, options, ['variance'])
  const { variance } = options
  if (variance === undefined) return { type: who }
  return { type: who, variance: checkNumber(who, 'variance', variance, (n) => n > 0, 'above 0') }
}

/**
 * −ΣΣ w·t·ln p / samples, behind softmax or a linear layer, whose outputs then are logits. `classWeights` are the w of the
 * classes (1); `labelSmoothing` s makes of t (1 − s)·t + s/classes (0). As in PyTorch, but for class numbers too the mean
 * is over samples, not weights.
 */
export function crossEntropy(
  options: { labelSmoothing?: number; classWeights?: readonly number[] } = {},
): Extract<Loss, { type: 'crossEntropy' }> {
  const who = 'crossEntropy'
  checkKeys(who, options, ['labelSmoothing', 'classWeights'])
  const { labelSmoothing, classWeights } = options
  if (labelSmoothing !== undefined) {
    checkNumber(who, 'labelSmoothing', labelSmoothing, (n) => n >= 0 && n <= 1, '0 to 1')
  }
  if (classWeights !== undefined && !Array.isArray(classWeights)) {
    refuse(who, 'classWeights', 'a list', classWeights)
  }
  return { type: who, ...options }
}

/**
 * −ΣΣ (w·t·ln p + (1 − t)·ln(1 − p)) / samples, behind sigmoid or a linear layer. `positiveWeight` is w, for classes that
 * are rare. Default 1.
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
